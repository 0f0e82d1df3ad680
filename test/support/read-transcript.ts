/** One thing that happens in a transcript, and what was said because of it. */
export type Scene = Readonly<{
  /** A message of somebody, or a direction to the stage. */
  cue: Readonly<{ kind: "says"; who: string; text: string }> | Readonly<{ kind: "direction"; text: string }>
  /** As it is written down: who hears it, then the message, in the order of arrival. */
  heard: readonly string[]
}>

export type Transcript = Readonly<{ title: string; scenes: readonly Scene[] }>

const indent = "    "

/**
 * Reads a transcript: a title after `#`, then scenes. `Budi: halo` is said to the shop, further lines of the
 * same message begin with `|`; `[…]` is a direction; what is indented was heard, each message behind bars
 * under a line that says by whom.
 */
export function readTranscript(text: string): Transcript {
  const lines = text.split("\n")
  const title = lines.find((line) => line.startsWith("# "))?.slice(2) ?? ""
  const scenes: { cue: Scene["cue"]; heard: string[] }[] = []
  for (const line of lines) {
    const scene = scenes.at(-1)
    if (line.startsWith("#") || line === "") continue
    if (line.startsWith(indent)) scene?.heard.push(line.slice(indent.length))
    else if (line.startsWith("|") && scene?.cue.kind === "says")
      scene.cue = { ...scene.cue, text: `${scene.cue.text}\n${line.slice(1).trimStart()}` }
    else scenes.push({ cue: readCue(line), heard: [] })
  }
  return { title, scenes: scenes.map(({ cue, heard }) => ({ cue, heard: messagesIn(heard) })) }
}

/** Writes it as it is read. */
export function writeTranscript({ title, scenes }: Transcript): string {
  const written = scenes.map(({ cue, heard }) => {
    const said = cue.kind === "says" ? `${cue.who}: ${cue.text.replaceAll("\n", "\n| ")}` : `[${cue.text}]`
    const answers = heard.flatMap((message) => {
      const [who, ...lines] = message.split("\n")
      return [`${indent}${who}`, ...lines.map((line) => `${indent}| ${line}`)]
    })
    return [said, ...answers].map((line) => line.trimEnd()).join("\n")
  })
  return `# ${title}\n\n${written.join("\n\n")}\n`
}

function readCue(line: string): Scene["cue"] {
  const [, direction] = /^\[(.*)\]$/.exec(line) ?? []
  if (direction !== undefined) return { kind: "direction", text: direction }
  const [, who = "", text = ""] = /^([A-Z]\w*): ?(.*)$/.exec(line) ?? []
  if (who === "") throw new Error(`a line of a transcript that nobody says: ${line}`)
  return { kind: "says", who, text }
}

/** A line without a bar says who hears what follows. */
function messagesIn(lines: readonly string[]): string[] {
  const messages: string[] = []
  for (const line of lines)
    if (line.startsWith("|")) messages.push(`${messages.pop() ?? ""}\n${line.slice(2)}`)
    else messages.push(line)
  return messages
}
