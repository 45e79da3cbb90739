"""The HTTP parts that all pages share: access, assets, bodies, security headers, streams, templates."""
