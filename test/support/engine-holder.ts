import { type EngineOptions, startEngines } from "../../src/engines/engines.ts"

const quiet = () => undefined
const silentLog = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** Started as a process of its own: holds the engines, says so, and lets go when its input ends. */
const given: Pick<EngineOptions, "dataDir" | "shop" | "supervise"> = JSON.parse(process.argv[2] ?? "{}")
try {
  const engines = await startEngines({ ...given, progress: quiet, log: silentLog })
  process.stdout.write("ready\n")
  await Bun.stdin.text()
  await engines.stop()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : "failed"}\n`)
  process.exitCode = 1
}
