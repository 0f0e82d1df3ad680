import type { OutboundMessage } from "../../src/channels/channel.ts"
import { eventually } from "./eventually.ts"
import { openMidtransStall } from "./midtrans-stall.ts"
import type { Scene, Transcript } from "./read-transcript.ts"
import type { ShopProcess } from "./shop-process.ts"
import { direct } from "./stage-directions.ts"

export type Stage = Readonly<{
  stall: Awaited<ReturnType<typeof openMidtransStall>>
  shop: () => ShopProcess
  /** The number of somebody in the play. */
  numberOf: (who: string) => string
}>

/** Who owns the shop in every play. */
const owner = { who: "Sari", number: "6281500000000" }

/** What the owner is told by itself comes a while later, and is seen when the play says so. */
const looksAtPhone = /^Sari looks at her phone: (\d+) new$/

/**
 * Plays a transcript against the real program through the gateway, and returns it as it really went. What is
 * by chance is written as the same each time: order codes by their order, times and links by their kind.
 * `killed`: the program is killed and started anew before every message.
 */
export async function playTranscript(
  { title, scenes }: Transcript,
  { killed = false }: { killed?: boolean } = {},
): Promise<Transcript> {
  await using stall = await openMidtransStall({ environment: { OWNER_NUMBERS: owner.number } })
  const cast = new Map([[owner.who, owner.number]])
  let shop = await stall.open()
  const numberOf = (who: string) => {
    const number = cast.get(who) ?? String(6281_200_000_000 + cast.size)
    cast.set(who, number)
    return number
  }
  const stage: Stage = { stall, shop: () => shop, numberOf }
  const names = makeNames()
  const seen = new Set<string>()
  const news = () => stall.peer.messages().filter((message) => isNews(message) && !seen.has(message.id))
  const fresh = () => stall.peer.messages().filter((message) => !isNews(message) && !seen.has(message.id))
  const played: Scene[] = []
  for (const { cue } of scenes) {
    const awaited = Number(looksAtPhone.exec(cue.text)?.[1] ?? 0)
    if (cue.kind === "says") {
      if (killed) {
        await shop.signal("SIGKILL")
        shop = await stall.open()
      }
      await stall.peer.tell(shop.url, numberOf(cue.who), spoken(names.back(cue.text)))
    } else if (awaited > 0) await eventually(cue.text, () => news().length >= awaited)
    else await direct(cue.text, stage)
    await stall.atRest()
    const heard = awaited > 0 ? news() : fresh()
    for (const { id } of heard) seen.add(id)
    const whoHas = new Map([...cast].map(([who, number]) => [number, who]))
    const written = heard.map(({ to, text, image }) => {
      return `→ ${whoHas.get(to) ?? "nobody"}${image ? " (picture)" : ""}\n${names.hide(text)}`
    })
    played.push({ cue, heard: written.toSorted() })
  }
  const problems = [...stall.peer.problems(), ...(await stall.audit())]
  if (problems.length > 0) throw new Error(problems.join("\n"))
  return { title, scenes: played }
}

function isNews({ to, inReplyTo }: OutboundMessage): boolean {
  return to === owner.number && inReplyTo === undefined
}

/** What would fill the page is written as what it is. */
function spoken(text: string): string {
  return text.replace(/^\[(\d+) characters\]$/, (_, count: string) => "a".repeat(Number(count)))
}

/** Writes what is by chance by a name of its own, the same in every play. */
function makeNames() {
  const codes: string[] = []
  return {
    hide: (text: string) =>
      text
        .replaceAll(/LPK-[A-Z0-9]{7}\b/g, (code) => {
          if (!codes.includes(code)) codes.push(code)
          return `LPK-${codes.indexOf(code) + 1}`
        })
        .replaceAll(/\b\d{1,2} \p{L}+ \d{4} \d{2}[.:]\d{2} (?:WIB|WITA|WIT|\([^)]*\))/gu, "(time)")
        // Counted a while after the sale.
        .replaceAll(/, terjual \d+|, \d+ sold/g, "")
        .replaceAll(/https?:\/\/[^\s]+\/pay\/[\w-]+/g, "(link)"),
    back: (text: string) =>
      text.replaceAll(/LPK-(\d{1,2})\b/g, (name, place: string) => codes[Number(place) - 1] ?? name),
  }
}
