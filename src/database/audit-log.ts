import type { Statements } from "./connect.ts"

/** What an operator, the shell or the shop itself did to something; kept for good. */
export type AuditEntry = Readonly<{
  /** `user:<id>` in a chat, `shell` at the command line, `lapak` for the shop itself. */
  actor: string
  action: string
  /** `<table in singular>:<id>`. */
  subject: string
  details?: Readonly<Record<string, unknown>>
}>

/** Writes down what was done, in the transaction that does it. */
export async function recordAudit(statements: Statements, entry: AuditEntry): Promise<void> {
  const details = statements.json(JSON.parse(JSON.stringify(entry.details ?? {})))
  await statements`
    insert into audit_log (actor, action, subject, details)
    values (${entry.actor}, ${entry.action}, ${entry.subject}, ${details})
  `
}
