// Writes the first demo and what it prints into the README's two code blocks.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const demo = 'demos/first-network.ts'
const output = execFileSync(process.execPath, ['--import', 'tsx', demo], { cwd: root, encoding: 'utf8' })
const block = (kind, text) => [new RegExp(`\`\`\`${kind}\\n[\\s\\S]*?\`\`\``), () => `\`\`\`${kind}\n${text}\`\`\``]
const readme = readFileSync(`${root}README.md`, 'utf8')
  .replace(...block('ts', readFileSync(`${root}${demo}`, 'utf8')))
  .replace(...block('text', output))
writeFileSync(`${root}README.md`, readme)
