/** Lets several do something in turns, round after round; returns what each has come to, round by round. */
export async function inTurns<Each, Result>(
  all: readonly Each[],
  rounds: number,
  turn: (each: Each, k: number) => Promise<Result>,
): Promise<readonly Result[][]> {
  const results = all.map((): Result[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [k, each] of all.entries()) results[k]?.push(await turn(each, k))
  return results
}
