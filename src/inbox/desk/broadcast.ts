import type { BroadcastAsked, BroadcastProblem, BroadcastWish } from "../../conversation/desk/broadcast.ts"
import { recordAudit } from "../../database/audit-log.ts"
import { findAudience, sendBroadcast, showBroadcast, steer, timeFor } from "../../shop/send-broadcast.ts"
import type { Desk, DeskRoom, Preview } from "./desk-room.ts"

type Start = Extract<BroadcastAsked, { kind: "start" }>

/** Words to many customers: shown and counted before they are sent, and to be stopped at any moment. */
export const broadcastDesk: DeskRoom<BroadcastAsked, BroadcastProblem> = {
  explain: (_, problem, say) => say.broadcastProblem(problem),
  preview: async (desk, asked) => (asked.kind === "start" ? await preview(desk, asked) : { kind: "go" }),
  act: async (desk, asked) => {
    if (asked.kind === "start") return { text: await start(desk, asked) }
    return { text: await (asked.kind === "status" ? status(desk) : steered(desk, asked.kind)) }
  },
}

async function preview({ shop, say, statements }: Desk, { text, days }: Start): Promise<Preview> {
  const before = await showBroadcast(statements)
  if (before?.state === "running" || before?.state === "paused")
    return { kind: "refuse", text: say.broadcastUnderWay(before) }
  const audience = await findAudience(shop, statements, days)
  if (audience.people === 0) return { kind: "refuse", text: say.broadcastToNobody({ ...audience, days }) }
  const time = await timeFor(shop, statements, audience.people)
  const written = say.broadcast({ text })
  // How many it goes to changes with every customer who writes in: then they would be asked for ever.
  const meant = `${days} ${written}`
  return { kind: "ask", meant, text: say.broadcastPreview({ ...audience, ...time, text: written, days }) }
}

async function start(desk: Desk, { text, days }: Start): Promise<string> {
  const { shop, message, say, actor, request, statements } = desk
  const started = await sendBroadcast(shop, statements, { startedBy: message.userId, request, text, days })
  switch (started.kind) {
    case "under_way": {
      const running = await showBroadcast(statements)
      return running ? say.broadcastUnderWay(running) : say.noBroadcast()
    }
    case "nobody":
      return say.broadcastToNobody({ ...(await findAudience(shop, statements, days)), days })
    case "started": {
      const { id, people } = started
      await recordAudit(statements, {
        actor,
        action: "start_broadcast",
        subject: `broadcast:${id}`,
        details: { people, days },
      })
      return say.broadcastStarted({ people, ...(await timeFor(shop, statements, people)) })
    }
  }
}

async function status({ shop, say, statements }: Desk): Promise<string> {
  const latest = await showBroadcast(statements)
  if (!latest) return say.noBroadcast()
  return say.broadcastStatus({ ...latest, ...(await timeFor(shop, statements, latest.waiting)) })
}

async function steered({ shop, say, actor, statements }: Desk, wish: BroadcastWish): Promise<string> {
  const outcome = await steer(shop, statements, wish)
  if (outcome.kind === "none") return say.noBroadcast()
  if (outcome.kind === "rests") return say.broadcastRests({ until: new Date(outcome.until) })
  const { id, broadcast } = outcome
  await recordAudit(statements, { actor, action: `${wish}_broadcast`, subject: `broadcast:${id}` })
  switch (wish) {
    case "stop":
      return say.broadcastStopped(broadcast)
    case "pause":
      return say.broadcastPaused(broadcast)
    case "resume":
      return say.broadcastResumed({ ...broadcast, ...(await timeFor(shop, statements, broadcast.waiting)) })
  }
}
