import { Counter, Gauge, Histogram, type Registry } from "prom-client"
import { label, msPerSecond } from "./metrics-labels.ts"

export type FunnelStep = "greeting" | "catalogue" | "checkout" | "paid" | "delivered"

export interface BotMetrics {
  /** From the message being stored to its reply being handed to the channel. */
  messageHandled(message: Readonly<{ channel: string; outcome: string; durationMs: number }>): void
  funnel(step: FunnelStep): void
  /** What became of a charge: `paid`, `expired`, `refused` and so on. */
  payment(result: string): void
  /** An error of our own that a customer was told of. */
  error(operation: string): void
  /** Customers who wrote within the last 24 hours. */
  activeUsers(count: number): void
  outbox(queue: Readonly<{ depth: number; oldestAgeSeconds: number }>): void
  inbox(queue: Readonly<{ depth: number }>): void
}

export function botMetrics(registry: Registry): BotMetrics {
  const counted = botCounters(registry)
  const shown = botGauges(registry)
  return {
    messageHandled: ({ channel, outcome, durationMs }) => {
      counted.messages.inc({ channel: label(channel), outcome: label(outcome) })
      counted.handling.observe({ channel: label(channel) }, durationMs / msPerSecond)
    },
    funnel: (step) => counted.funnel.inc({ step: label(step) }),
    payment: (result) => counted.payments.inc({ result: label(result) }),
    error: (operation) => counted.errors.inc({ operation: label(operation) }),
    activeUsers: (count) => shown.activeUsers.set(count),
    outbox: ({ depth, oldestAgeSeconds }) => {
      shown.outboxDepth.set(depth)
      shown.outboxAge.set(oldestAgeSeconds)
    },
    inbox: ({ depth }) => shown.inboxDepth.set(depth),
  }
}

function botCounters(registry: Registry) {
  const registers = [registry]
  return {
    messages: new Counter({
      name: "lapak_messages_total",
      help: "Messages from customers by channel and what became of them",
      labelNames: ["channel", "outcome"] as const,
      registers,
    }),
    handling: new Histogram({
      name: "lapak_message_handling_duration_seconds",
      help: "From a message being stored to its reply being handed to the channel",
      labelNames: ["channel"] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    funnel: new Counter({
      name: "lapak_funnel_total",
      help: "Steps customers took on the way from greeting to delivered goods",
      labelNames: ["step"] as const,
      registers,
    }),
    payments: new Counter({
      name: "lapak_payments_total",
      help: "Charges by what became of them",
      labelNames: ["result"] as const,
      registers,
    }),
    errors: new Counter({
      name: "lapak_errors_total",
      help: "Errors of our own, each with a reference in the log",
      labelNames: ["operation"] as const,
      registers,
    }),
  }
}

function botGauges(registry: Registry) {
  const registers = [registry]
  return {
    activeUsers: new Gauge({
      name: "lapak_active_users",
      help: "Customers who wrote within the last 24 hours",
      registers,
    }),
    outboxDepth: new Gauge({ name: "lapak_outbox_depth", help: "Messages waiting to be sent", registers }),
    outboxAge: new Gauge({
      name: "lapak_outbox_oldest_age_seconds",
      help: "How long the oldest waiting message has waited",
      registers,
    }),
    inboxDepth: new Gauge({ name: "lapak_inbox_depth", help: "Messages waiting to be handled", registers }),
  }
}
