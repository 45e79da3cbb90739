"""A strict small S3: it wants every request signed for what it holds, and speaks only what blobs need."""

import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from xml.sax.saxutils import escape

import uvicorn
from starlette.requests import Request
from starlette.responses import Response

KEY, SECRET, REGION, BUCKET = "kunci", "rahasia-sekali", "ap-southeast-3", "foto"
_AUTH = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)


class FakeS3:
    """One bucket in memory. `faults` are status codes of answers to come, `largest` is the longest body that came."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.times: dict[str, datetime] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.faults: list[int] = []
        self.largest = 0
        self.down = False
        self.now = datetime(2026, 8, 12, 3, 20, tzinfo=UTC)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        body = await request.body()
        response = self._answer(request, body)
        await response(scope, receive, send)

    def _answer(self, request: Request, body: bytes) -> Response:
        self.largest = max(self.largest, len(body))
        if not self._signed(request, body):
            return _error(403, "SignatureDoesNotMatch")
        if self.down:
            return _error(400, "Down")  # which a client does not try again by itself, as it does with a 503 for minutes
        if self.faults:
            return _error(self.faults.pop(0), "InternalError")
        _, bucket, key = [*request.url.path.split("/", 2), ""][:3]
        if bucket != BUCKET:
            return _error(404, "NoSuchBucket")
        query = request.query_params
        if request.method == "GET" and not key:
            return self._list(query.get("prefix", ""), query.get("continuation-token", ""))
        if request.method == "POST" and "delete" in query:
            return self._delete(body)
        if request.method == "POST" and "uploads" in query:
            self.uploads["u1"] = {}
            return _xml(
                "<InitiateMultipartUploadResult>"
                f"<Bucket>{bucket}</Bucket><Key>{key}</Key><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
            )
        if request.method == "PUT" and "partNumber" in query:
            self.uploads[query["uploadId"]][int(query["partNumber"])] = body
            return Response(headers={"etag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324  as S3 has it
        if request.method == "POST" and "uploadId" in query:
            parts = self.uploads.pop(query["uploadId"])
            self._put(key, b"".join(parts[number] for number in sorted(parts)))
            return _xml("<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>")
        if request.method == "PUT":
            self._put(key, body)
            return Response(headers={"etag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324  as S3 has it
        if request.method == "DELETE":
            self.objects.pop(key, None)
            return Response(status_code=204)
        if request.method in ("GET", "HEAD") and key in self.objects:
            data = self.objects[key]
            told = {"etag": '"x"', "last-modified": self.times[key].strftime("%a, %d %b %Y %H:%M:%S GMT")}
            return Response(data, headers=told)
        return _error(404, "NoSuchKey")

    def _put(self, key: str, body: bytes) -> None:
        self.objects[key], self.times[key] = body, self.now

    def _list(self, prefix: str, after: str) -> Response:
        keys = [key for key in sorted(self.objects) if key.startswith(prefix) and key > after]
        page, more = keys[:2], len(keys) > 2
        items = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{self.times[key]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>x</ETag><Size>{len(self.objects[key])}</Size></Contents>"
            for key in page
        )
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        return _xml(f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}{items}</ListBucketResult>")

    def _delete(self, body: bytes) -> Response:
        keys = re.findall(r"<Key>([^<]+)</Key>", body.decode())
        for key in keys:
            self.objects.pop(key, None)
        return _xml("<DeleteResult>" + "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys) + "</DeleteResult>")

    def _signed(self, request: Request, body: bytes) -> bool:
        """Whether the request was signed with our secret, over this body (AWS Signature Version 4)."""
        found = _AUTH.fullmatch(request.headers.get("authorization", ""))
        if found is None or found[1] != KEY or found[3] != REGION:
            return False
        said = request.headers["x-amz-content-sha256"]
        if said not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
            return False
        raw = urlsplit(str(request.url))
        pairs = sorted(pair if "=" in pair else f"{pair}=" for pair in raw.query.split("&") if pair)
        headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in found[4].split(";"))
        path = quote(unquote(raw.path), safe="/-_.~")
        canonical = "\n".join([request.method, path, "&".join(pairs), headers, found[4], said])
        scope = f"{found[2]}/{REGION}/s3/aws4_request"
        to_sign = "\n".join(
            ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()]
        )
        key = f"AWS4{SECRET}".encode()
        for part in (found[2], REGION, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.compare_digest(hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest(), found[5])


def _xml(text: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>{text}', media_type="application/xml")


def _error(status: int, code: str) -> Response:
    return Response(f"<Error><Code>{code}</Code><Message>{code}</Message></Error>", status, media_type="application/xml")


def server(app: FakeS3) -> uvicorn.Server:
    return uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))


__all__ = ["BUCKET", "KEY", "REGION", "SECRET", "FakeS3", "server"]
