import type { Audience, BroadcastProgress, BroadcastTime } from "../../shop/send-broadcast.ts"
import type { BroadcastProblem } from "../desk/broadcast.ts"

/** An audience in words: how many get it, who does not, and how long it takes. */
export type BroadcastPreview = Audience & BroadcastTime & Readonly<{ days: number }>

/** Said to an owner about broadcasts, and to customers in and about them. */
export interface BroadcastDeskTexts {
  /** What a customer gets, with how to get no more of them. */
  broadcast(broadcast: Readonly<{ text: string }>): string
  /** The customer's own wish. */
  noMoreBroadcasts(): string
  /** Below word that an order was left, by somebody who said stop and may have meant both. */
  noBroadcastsEither(): string
  broadcastsAgain(): string
  /** Before it is sent: `text` as it will look, to how many, how long; asks whether it is meant. */
  broadcastPreview(preview: BroadcastPreview & Readonly<{ text: string }>): string
  broadcastStarted(started: BroadcastTime & Readonly<{ people: number }>): string
  /** Another one has to end first. */
  broadcastUnderWay(progress: BroadcastProgress): string
  broadcastToNobody(audience: Omit<BroadcastPreview, "people" | keyof BroadcastTime>): string
  /** The time for what waits. */
  broadcastStatus(progress: BroadcastProgress & BroadcastTime): string
  noBroadcast(): string
  broadcastStopped(progress: BroadcastProgress): string
  broadcastPaused(progress: BroadcastProgress): string
  broadcastResumed(progress: BroadcastProgress & BroadcastTime): string
  /** It cannot go on before WhatsApp lets the shop send again. */
  broadcastRests(rest: Readonly<{ until: Date }>): string
  /** Sent by the shop itself while a broadcast runs. */
  broadcastReport(report: BroadcastProgress & Readonly<{ event: "quarter" | "finished" | "paused" }>): string
  broadcastProblem(problem: BroadcastProblem): string
  broadcastHelp(): string
}
