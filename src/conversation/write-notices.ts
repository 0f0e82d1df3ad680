import type { BroadcastProgress } from "../shop/send-broadcast.ts"
import type { DailySummary, OperatorAlert } from "./texts/alert-texts.ts"
import type { Texts } from "./texts/texts.ts"

/** What the shop tells operators by itself. */
export type NoticeKind = "broadcast_report" | "operator_alerts" | "daily_summary"

type Told = Readonly<{ alerts: readonly OperatorAlert[] }>
type Report = BroadcastProgress & Readonly<{ event: "quarter" | "finished" | "paused" }>
type Summary = Omit<DailySummary, "since" | "until"> & Readonly<{ since: string; until: string }>

/** Writes such a notice out; its data as the database keeps it. Pure. */
export function writeNotice(kind: NoticeKind, data: Readonly<Record<string, unknown>>, say: Texts): string {
  switch (kind) {
    case "broadcast_report":
      return say.broadcastReport(data as Report)
    case "operator_alerts":
      return say.operatorAlerts(data as Told)
    case "daily_summary": {
      const { since, until, ...summary } = data as Summary
      return say.dailySummary({ ...summary, since: new Date(since), until: new Date(until) })
    }
  }
}
