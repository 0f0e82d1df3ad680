import { afterAll } from "bun:test"
import { stopTestEngines } from "./engines.ts"

afterAll(stopTestEngines)
