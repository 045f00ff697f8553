import { readFileSync } from 'node:fs'

/** A row of the table of rights in SECURITY.md. */
export interface PageRight {
  readonly role: string
  readonly operation: 'publish' | 'subscribe'
  /** With `<user>` and `<bucket>`, or `replies (allow_responses)`. */
  readonly subject: string
  /** What says that it is missing. */
  readonly lack: string
}

export const REPLIES = 'replies (allow_responses)'

/** What SECURITY.md says about rights. */
export interface SecurityPage {
  readonly rights: readonly PageRight[]
  /** Of a server, as an operator would copy it. */
  readonly config: string
}

export function readSecurityPage(): SecurityPage {
  const text = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8')
  const [, config] = /^```text\n(authorization \{.*?)^```$/ms.exec(text) ?? []
  if (config === undefined) throw new Error('SECURITY.md has no configuration')
  const rights = text.split('\n').flatMap((line) => {
    const [, role = '', operation, subject = '', , lack = ''] = line.split('|').map((cell) => cell.trim())
    if (operation !== 'publish' && operation !== 'subscribe') return []
    return [{ role, operation, subject: subject.replaceAll('`', ''), lack: lack.replaceAll('`', '') } as const]
  })
  return { rights, config }
}

/** The rights of each user of a configuration, as the table writes them. */
export function rightsInConfig(config: string): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, readonly string[]>()
  for (const block of userBlocks(config)) {
    const rights: string[] = []
    for (const operation of ['publish', 'subscribe'])
      for (const [, subject] of listed(block, operation).matchAll(/"([^"]+)"/g)) rights.push(`${operation} ${subject}`)
    if (block.includes('allow_responses: true')) rights.push(`publish ${REPLIES}`)
    users.set(nameOf(block), rights)
  }
  return users
}

/** The block of a user of the configuration, under another name and without one right. */
export function userLacking(config: string, user: string, other: string, right: string): string {
  const block = userBlocks(config).find((each) => nameOf(each) === user)
  if (block === undefined) throw new Error(`no user ${user}`)
  const [operation = '', ...rest] = right.split(' ')
  const subject = rest.join(' ')
  const allowed = listed(block, operation)
  const changed =
    subject === REPLIES
      ? block.replace('allow_responses: true', '')
      : block.replace(allowed, allowed.replace(`"${subject}"`, '"antidrome.nothing"'))
  if (changed === block) throw new Error(`${user} has no right to ${right}`)
  return changed.replaceAll(`.${user}.`, `.${other}.`).replace(`user: ${user}`, `user: ${other}`)
}

/** The configuration with more users. */
export function withUsers(config: string, blocks: readonly string[]): string {
  return config.replace(/\n {2}\]\n\}\s*$/, `\n${blocks.join('\n')}\n  ]\n}\n`)
}

export const passwordOf = (user: string) => `change me, ${user}`

function userBlocks(config: string): readonly string[] {
  return [...config.matchAll(/^ {4}\{ user: .*?^ {4}\} \}$/gms)].map(([block]) => block)
}

const nameOf = (block: string) => /user: (\w+)/.exec(block)?.[1] ?? ''

const listed = (block: string, operation: string) =>
  new RegExp(`${operation}: \\{ allow: \\[.*?\\]`, 's').exec(block)?.[0] ?? ''
