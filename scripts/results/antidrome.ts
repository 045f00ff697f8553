import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What a command prints with `--json`, line by line; raises what it says on stderr if it fails. */
export async function antidrome(args: readonly string[], say: (line: string) => void = () => {}): Promise<object[]> {
  const child = spawn(process.execPath, ['dist/bundle/main.js', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const lines: object[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(JSON.parse(line) as object)
    say(line)
  }
  const code = await ended
  if (code !== 0) throw new Error(`antidrome ${args.join(' ')} ended with ${code}`)
  return lines
}
