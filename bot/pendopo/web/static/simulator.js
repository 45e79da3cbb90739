// What the phones do in the browser beside showing what the server drew: one stream for all of them, drafts, replies,
// and telling the server what was read. Everything is listened for on the document, since phones are drawn anew.
"use strict";

const phones = () => [...document.querySelectorAll(".phone")];
const visible = (phone) => phone.offsetParent !== null && !document.hidden;

// --- live ---------------------------------------------------------------------------------------------------------

function refresh(phone) {
  htmx.trigger(phone.querySelector(".live"), "refresh");
}

document.addEventListener("changed", (event) => {
  const { people } = JSON.parse(event.detail.data);
  for (const phone of phones()) {
    if (people.includes("*") || people.includes(phone.dataset.person)) refresh(phone);
  }
});

document.addEventListener("toast", (event) => {
  const { person, text } = JSON.parse(event.detail.data);
  for (const phone of phones()) {
    if (phone.dataset.person === person) toast(phone, text);
  }
});

function toast(phone, text) {
  const place = phone.querySelector(".toast");
  place.textContent = text;
  clearTimeout(place.fading);
  place.fading = setTimeout(() => { place.textContent = ""; }, 6000);
}

// --- what was read, who is where ----------------------------------------------------------------------------------

function markSeen(phone) {
  const { person, chat } = phone.dataset;
  if (visible(phone) && phone.querySelector(".tabs").dataset.unreadHere !== "0") {
    fetch("/simulator/seen", { method: "POST", body: new URLSearchParams({ person, chat }) }).catch(() => {});
  }
}

function label(phone) {
  const button = document.querySelector(`[data-switch="${phone.dataset.slot}"]`);
  const unread = phone.querySelector(".tabs").dataset.unread;
  const badge = button.querySelector("[data-badge]");
  const face = button.querySelector(".face");
  button.querySelector("[data-label]").textContent = phone.dataset.called;
  face.textContent = phone.dataset.initials;
  face.className = `face tint-${phone.dataset.tint}`;
  badge.textContent = unread;
  badge.hidden = unread === "0";
}

function remember() {
  const shown = phones().map((phone) => ["p", `${phone.dataset.person}/${phone.dataset.chat}`]);
  const query = `?${new URLSearchParams(shown)}`;
  if (location.search !== query) history.replaceState(null, "", query);
}

function settle() {
  phones().forEach(label);
  phones().forEach(markSeen);
}

function show(slot) {
  for (const phone of phones()) phone.classList.toggle("current", phone.dataset.slot === slot);
  for (const button of document.querySelectorAll("[data-switch]")) {
    button.setAttribute("aria-pressed", String(button.dataset.switch === slot));
  }
  settle();
}

document.addEventListener("htmx:after:swap", () => {
  const pressed = document.querySelector('[data-switch][aria-pressed="true"]');
  if (!pressed) return;
  document.getElementById(`phone-${pressed.dataset.switch}`).classList.add("current"); // a phone drawn anew is not
  remember();
  settle();
});
document.addEventListener("visibilitychange", settle);
window.addEventListener("resize", settle);
document.addEventListener("DOMContentLoaded", settle);

// --- the story ----------------------------------------------------------------------------------------------------

// A step is told on the phone of whoever speaks: the one that shows them, else the last.
function tell(step) {
  const { who } = step.dataset;
  if (!who) return;
  const phone = phones().find((each) => each.dataset.person === who) ?? phones().at(-1);
  const { slot } = phone.dataset;
  const query = new URLSearchParams({ slot, person: who, chat: who });
  htmx.ajax("GET", `/simulator/phone?${query}`, { target: `#phone-${slot}`, swap: "outerHTML" }).then(() => show(slot));
}

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (step) {
    tell(step);
    if (matchMedia("(max-width: 48rem)").matches) step.closest(".story").removeAttribute("open"); // it would hide the phone
  }
  else if (!event.target.closest(".story")) document.querySelector(".story")?.removeAttribute("open");
});

// --- the composer -------------------------------------------------------------------------------------------------

function reply(message, phone) {
  const form = phone.querySelector("[data-composer]");
  form.elements.reply_to.value = message.dataset.message;
  form.querySelector("[data-reply-who]").textContent = message.dataset.who;
  form.querySelector("[data-reply-text]").textContent = message.dataset.text;
  form.querySelector("[data-replying]").hidden = false;
  form.elements.text.focus();
}

function unreply(form) {
  form.elements.reply_to.value = "";
  form.querySelector("[data-replying]").hidden = true;
}

function attached(form) {
  const thumbs = form.querySelector("[data-thumbs]");
  for (const image of thumbs.children) URL.revokeObjectURL(image.src);
  thumbs.replaceChildren(...[...form.elements.photos.files].map((file) => {
    const image = new Image();
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    return image;
  }));
  form.querySelector("[data-attached]").hidden = thumbs.children.length === 0;
  form.querySelector(".error").textContent = "";
}

function clear(form) {
  form.reset();
  form.elements.place.value = "";
  unreply(form);
  attached(form);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a, .bubble");
  const phone = event.target.closest(".phone");
  if (!target) return;
  const { dataset } = target;
  if ("switch" in dataset) show(dataset.switch);
  if (!phone) return;
  const form = phone.querySelector("[data-composer]");
  if ("reply" in dataset || target.matches(".bubble")) {
    if (!getSelection().toString()) reply(target.closest("[data-message]"), phone);
  } else if ("unreply" in dataset) {
    unreply(form);
  } else if ("unattach" in dataset) {
    form.elements.photos.value = "";
    attached(form);
  } else if ("example" in dataset) {
    form.elements.text.value = `${dataset.example} `;
    form.elements.text.focus();
  } else if ("place" in dataset) {
    form.elements.place.value = dataset.place;
    form.requestSubmit();
  } else if (target.matches(".row")) {
    target.closest("[popover]").hidePopover();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.name === "photos") attached(event.target.form);
});

document.addEventListener("keydown", (event) => {
  if (event.target.name !== "text" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// What did not arrive is said, and the words stay where they are.
function complain(target) {
  const phone = target instanceof Element && target.closest(".phone");
  if (!phone) return;
  if (target.matches("[data-composer]")) phone.querySelector(".error").textContent = "Belum diterima. Tulisan Anda masih ada; coba kirim lagi.";
  else toast(phone, "Belum diterima. Coba lagi.");
}

document.addEventListener("htmx:error", (event) => complain(event.target));

document.addEventListener("htmx:after:request", (event) => {
  const form = event.target;
  const { status } = event.detail.ctx.response;
  if (form !== document && "step" in form.dataset && status < 300) form.classList.add("done");
  if (status >= 500 && !(form !== document && form.matches("[data-composer]") && status === 507)) complain(form);
  // A form that was replaced while its request ran is answered at the document: there is nothing left to clear.
  if (form === document || !form.matches("[data-composer]")) return;
  if (status === 204) clear(form);
  form.elements.place.value = "";
});
