/* The browser chat. What the visitor wrote is kept in this browser; what the stall answered comes from it. */
import { formatMessage } from "./try-format.js"

const kept_messages_max = 100
const typing_shown_ms_max = 15_000
const reconnect_ms = 3_000
const pictureTypes = ["image/png", "image/jpeg", "image/webp"]

const phone = document.querySelector(".phone")
const texts = JSON.parse(phone.dataset.texts)
const storageKey = `lapak-try-${phone.dataset.number}`
const log = document.querySelector("#messages")
const scroller = document.querySelector("#scroll")
const typing = document.querySelector("#typing")
const presence = document.querySelector("#presence")
const input = document.querySelector("#text")

/* Every message shown, oldest first: { id, at, isMine, text, element, ... }. */
const shown = []
let isConnected = true
let typingTimer
let latestReplyId
let sending = Promise.resolve()

/* Showing */

function show(message, isLive) {
  if (shown.some(({ id, isMine }) => id === message.id && isMine === message.isMine)) return
  const wasAtEnd = isAtEnd()
  message.element = draw(message, isLive)
  let place = shown.length
  while (place > 0 && shown[place - 1].at > message.at) place -= 1
  shown.splice(place, 0, message)
  if (place === shown.length - 1) append(message, shown[place - 1])
  else arrange()
  if (wasAtEnd || message.isMine) scrollToEnd()
}

function append(message, previous) {
  if (!previous || dayOf(previous.at) !== dayOf(message.at)) log.append(drawDay(message.at))
  log.append(message.element)
}

function arrange() {
  log.replaceChildren()
  for (const [place, message] of shown.entries()) append(message, shown[place - 1])
}

function draw(message, isLive) {
  const bubble = make("div", `bubble ${message.isMine ? "mine" : "theirs"}${isLive ? " arriving" : ""}`)
  bubble.append(make("span", "visually-hidden", `${message.isMine ? texts.you : document.title}: `))
  if (message.image && pictureTypes.includes(message.image.mimeType))
    bubble.append(drawPicture(message.image))
  const text = make("div", "text")
  text.append(...(message.isMine ? [message.text] : formatMessage(message.text)))
  const meta = make("div", "meta")
  meta.append(make("time", "", clockTime(message.at)))
  bubble.append(text, meta)
  if (message.isMine) drawState(message, bubble)
  return bubble
}

function drawPicture({ mimeType, base64 }) {
  const picture = make("img", "picture")
  picture.alt = texts.picture
  picture.addEventListener("load", () => scrollToEnd(), { once: true })
  picture.src = `data:${mimeType};base64,${base64}`
  return picture
}

function drawState(message, bubble = message.element) {
  bubble.querySelector(".failed")?.remove()
  bubble.querySelector(".tick")?.remove()
  if (message.state === "failed") {
    const failed = make("div", "failed", message.problem ?? texts.notSent)
    const again = make("button", "", texts.again)
    again.type = "button"
    again.addEventListener("click", () => deliver(message))
    failed.append(again)
    bubble.append(failed)
    return
  }
  const tick = make("span", `tick ${message.state}`)
  tick.setAttribute("role", "img")
  tick.setAttribute("aria-label", texts[message.state])
  tick.append(drawTick(message.state))
  bubble.querySelector(".meta").append(tick)
}

function drawTick(state) {
  const shapes = {
    sending: "M8 4.5v4l2.5 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
    sent: "M3 8.5l3.5 3.5L13 5",
    answered: "M1 8.5l3.5 3.5L11 5M7.5 11l1 1L15 5",
  }
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  for (const [name, value] of Object.entries({ width: 16, height: 16, viewBox: "0 0 16 16", fill: "none" }))
    svg.setAttribute(name, value)
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  const look = { d: shapes[state], stroke: "currentColor", "stroke-width": 1.6, "stroke-linecap": "round" }
  for (const [name, value] of Object.entries(look)) path.setAttribute(name, value)
  svg.append(path)
  return svg
}

function drawDay(at) {
  return make("p", "day", dayName(at))
}

function make(name, className, text = "") {
  const element = document.createElement(name)
  if (className) element.className = className
  element.textContent = text
  return element
}

const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 120
const scrollToEnd = () => {
  scroller.scrollTop = scroller.scrollHeight
}

/* Time */

const dayOf = (at) => new Date(at).toDateString()
const clockTime = (at) =>
  new Date(at).toLocaleTimeString(phone.dataset.language, { hour: "2-digit", minute: "2-digit" })

function dayName(at) {
  if (dayOf(at) === dayOf(Date.now())) return texts.today
  if (dayOf(at) === dayOf(Date.now() - 86_400_000)) return texts.yesterday
  return new Date(at).toLocaleDateString(phone.dataset.language, { day: "numeric", month: "long" })
}

/* Presence */

function showPresence() {
  presence.textContent = isConnected ? (typing.hidden ? texts.online : texts.typing) : texts.reconnecting
}

function showTyping() {
  clearTimeout(typingTimer)
  typingTimer = setTimeout(hideTyping, typing_shown_ms_max)
  const wasAtEnd = isAtEnd()
  typing.hidden = false
  showPresence()
  if (wasAtEnd) scrollToEnd()
}

function hideTyping() {
  clearTimeout(typingTimer)
  typing.hidden = true
  showPresence()
}

/* Sending */

function write(text) {
  if (text.trim() === "") return
  const message = { id: crypto.randomUUID(), text, at: Date.now(), isMine: true, state: "sending" }
  show(message, true)
  deliver(message)
}

/* One after the other, to arrive as they were written; again under the same id, so that none counts twice. */
function deliver(message) {
  setState(message, "sending")
  sending = sending.then(() => post(message))
}

async function post(message) {
  try {
    const response = await fetch("/try/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ id: message.id, text: message.text }),
    })
    if (response.ok) {
      if (message.state !== "answered") {
        setState(message, "sent")
        showTyping()
      }
      return
    }
    message.problem = response.status === 503 ? texts.tooMuch : texts.notSent
  } catch {
    message.problem = texts.notSent
  }
  setState(message, "failed")
}

function setState(message, state) {
  const wasAtEnd = isAtEnd()
  message.state = state
  drawState(message)
  if (wasAtEnd) scrollToEnd()
  keep()
}

/* Keeping */

function keep() {
  const mine = shown.filter(({ isMine }) => isMine).slice(-kept_messages_max)
  const plain = mine.map(({ id, text, at, state }) => ({ id, text, at, state }))
  try {
    localStorage.setItem(storageKey, JSON.stringify(plain))
  } catch {
    /* Storage may be off or full; the chat goes on without a memory. */
  }
}

function recall() {
  try {
    for (const { id, text, at, state } of JSON.parse(localStorage.getItem(storageKey) ?? "[]")) {
      const isLost = state === "sending"
      show({ id, text, at, isMine: true, state: isLost ? "failed" : state }, false)
    }
  } catch {
    localStorage.removeItem(storageKey)
  }
}

/* Receiving */

function receive(reply, isLive) {
  latestReplyId = reply.id
  const question = shown.find(({ id, isMine }) => isMine && id === reply.inReplyTo)
  if (question && question.state !== "answered") setState(question, "answered")
  hideTyping()
  show({ ...reply, isMine: false }, isLive)
}

function listen() {
  const after = latestReplyId ? `?after=${encodeURIComponent(latestReplyId)}` : ""
  const events = new EventSource(`/try/stream${after}`)
  let isLive = false
  log.setAttribute("aria-busy", "true")
  events.addEventListener("reply", ({ data }) => receive(JSON.parse(data), isLive))
  events.addEventListener("ready", () => {
    isLive = true
    isConnected = true
    log.setAttribute("aria-busy", "false")
    showPresence()
  })
  events.addEventListener("error", () => {
    isConnected = false
    showPresence()
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, reconnect_ms)
  })
}

/* Joining the parts */

document.querySelector("#composer").addEventListener("submit", (event) => {
  event.preventDefault()
  write(input.value)
  input.value = ""
  input.focus()
})

input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
  event.preventDefault()
  event.target.form.requestSubmit()
})

document.querySelector(".chips").addEventListener("click", ({ target }) => {
  if (target.dataset.text) write(target.dataset.text)
})

log.addEventListener("click", ({ target }) => {
  if (!target.dataset.command) return
  input.value = target.dataset.command
  input.focus()
})

document.querySelector("#restart").addEventListener("submit", (event) => {
  if (confirm(texts.restartQuestion)) localStorage.removeItem(storageKey)
  else event.preventDefault()
})

recall()
listen()
scrollToEnd()
