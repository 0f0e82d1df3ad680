import { afterAll, setDefaultTimeout } from "bun:test"
import { stopTestEngines } from "./engines.ts"

setDefaultTimeout(60_000)
afterAll(stopTestEngines)
