/* A message's text as WhatsApp shows it: *bold*, _italic_, ~struck~, `code`, links; and commands that can be tapped. */
const commands =
  "menu|produk|products|detail|buy|saldo|balance|deposit|bayar|pay|status|riwayat|history|kirim|resend|" +
  "garansi|warranty|batal|cancel|bahasa|language|bantuan|help"
/* Words that stand for something the customer has to fill in. */
const placeholders = "KODE|CODE|PESANAN|ORDER|KATEGORI|CATEGORY|JUMLAH|AMOUNT|HALAMAN|PAGE"

const marks = new RegExp(
  [
    String.raw`(?<link>https?://[^\s<>"]*[^\s<>".,;:!?)\]*_~])`,
    "```(?<block>[^`]+)```",
    "`(?<code>[^`\\n]+)`",
    String.raw`(?<![\p{L}\p{N}*])\*(?<bold>\S(?:[^*\n]*\S)?)\*(?![\p{L}\p{N}*])`,
    String.raw`(?<![\p{L}\p{N}_])_(?<italic>\S(?:[^_\n]*\S)?)_(?![\p{L}\p{N}_])`,
    String.raw`(?<![\p{L}\p{N}~])~(?<struck>\S(?:[^~\n]*\S)?)~(?![\p{L}\p{N}~])`,
    String.raw`(?<![\p{L}\p{N}./])(?<command>\.(?:${commands})\b(?: (?!(?:${placeholders})\b)[A-Z0-9][A-Z0-9-]*)*(?: (?:saldo|qris)\b)?)`,
  ].join("|"),
  "gu",
)

const elements = { bold: "b", italic: "i", struck: "s" }

/* Returns nodes and strings; nothing of the text is ever read as markup. */
export function formatMessage(text) {
  const parts = []
  let end = 0
  for (const match of text.matchAll(marks)) {
    parts.push(text.slice(end, match.index), drawMark(match.groups))
    end = match.index + match[0].length
  }
  parts.push(text.slice(end))
  return parts
}

function drawMark({ link, block, code, command, ...styled }) {
  if (link) return drawLink(link)
  if (command) return drawCommand(command)
  if (block) return drawBlock(block)
  if (code) return drawCode(code)
  const [name, inner] = Object.entries(styled).find(([, value]) => value !== undefined)
  const element = document.createElement(elements[name])
  element.append(...formatMessage(inner))
  return element
}

/* The line breaks next to the marks belong to the marks. */
function drawBlock(text) {
  const element = document.createElement("code")
  element.className = "block"
  element.textContent = text.replace(/^\n|\n$/g, "")
  return element
}

/* A command in code is still a command; other code stays as it is. */
function drawCode(text) {
  const parts = formatMessage(text)
  const isCommand = parts.length === 3 && parts[0] === "" && parts[2] === "" && parts[1].dataset?.command
  if (isCommand) return parts[1]
  const element = document.createElement("code")
  element.textContent = text
  return element
}

function drawLink(address) {
  const element = document.createElement("a")
  element.href = address
  element.target = "_blank"
  element.rel = "noopener noreferrer"
  element.textContent = address
  return element
}

function drawCommand(text) {
  const element = document.createElement("button")
  element.type = "button"
  element.className = "command"
  element.dataset.command = text
  element.textContent = text
  return element
}
