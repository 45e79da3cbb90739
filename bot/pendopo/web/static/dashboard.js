// What the dashboard does in the browser beside showing what the server drew: one live stream a page, and pictures as a whole.
"use strict";

const here = () => document.getElementById("halaman");
const writing = () => here().contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
// Who writes, or has read on in a list, is told of news and loses neither.
const busy = () => writing() || document.querySelectorAll("[data-goes-on]").length > 1;

function redraw() {
  if (busy()) document.getElementById("ada-baru").hidden = false;
  else htmx.trigger(here(), "refresh");
}

let due = 0;
function soon() {
  // A city that reports at once must not make every open page ask at once.
  clearTimeout(due);
  due = setTimeout(redraw, 150 + Math.random() * 600);
}

function follow() {
  const stream = new EventSource(`/aliran?sejak=${here().dataset.seen}`);
  let broken = false;
  stream.addEventListener("open", () => { if (broken) soon(); broken = false; document.documentElement.dataset.live = "on"; });
  stream.addEventListener("error", () => { broken = true; document.documentElement.dataset.live = "off"; });
  stream.addEventListener("answered", () => htmx.trigger(document.getElementById("jawaban"), "refresh"));
  stream.addEventListener("changed", (event) => {
    const topics = JSON.parse(event.data);
    const wanted = here().dataset.live;
    if (wanted === "*" || topics.includes("*") || topics.includes(wanted)) soon();
  });
  addEventListener("pagehide", () => stream.close());
}

function zoom(link) {
  const dialog = document.createElement("dialog");
  const image = document.createElement("img");
  const close = document.createElement("button");
  dialog.className = "zoom";
  image.src = link.href;
  image.alt = link.querySelector("img").alt;
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", document.body.dataset.close);
  dialog.append(image, close);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-zoom]");
  if (link && !event.ctrlKey && !event.metaKey) { event.preventDefault(); zoom(link); }
});

if (document.getElementById("halaman")) follow();
