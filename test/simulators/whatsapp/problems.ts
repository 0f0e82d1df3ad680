/** Everything a client did wrong, in words. Bounded: the first ones tell the story. */
export type Problems = Readonly<{ note(problem: string): void; list(): readonly string[] }>

const limit = 500

export function createProblems(): Problems {
  const problems: string[] = []
  return {
    note(problem) {
      if (problems.length < limit) problems.push(problem)
    },
    list: () => [...problems],
  }
}
