import { readFileSync } from 'node:fs'

/** A step of docs/cluster.md, as it is printed there. */
export type GuideStep =
  | { readonly kind: 'commands'; readonly hosts: readonly string[]; readonly text: string }
  | { readonly kind: 'file'; readonly hosts: readonly string[]; readonly path: string; readonly text: string }

/** What docs/cluster.md says. */
export interface GuidePage {
  readonly text: string
  readonly steps: readonly GuideStep[]
  /** Blocks without a machine. */
  readonly others: readonly string[]
}

/** Behind the language of a block stand the machines it is typed at, or `path@machine,machine`. */
export function readGuidePage(): GuidePage {
  const text = readFileSync(new URL('../../docs/cluster.md', import.meta.url), 'utf8')
  const blocks = [...text.matchAll(/^```(\w+)(?: ([^\n]*))?\n(.*?)^```$/gms)].map(
    ([, language, where, content = '']) => {
      return { language, where, content }
    },
  )
  const steps = blocks.flatMap(({ language, where, content }): readonly GuideStep[] => {
    if (where === undefined) return []
    if (language === 'sh') return [{ kind: 'commands', hosts: where.split(' '), text: content }]
    const [path = '', hosts = ''] = where.split('@')
    return [{ kind: 'file', hosts: hosts.split(','), path, text: content }]
  })
  return { text, steps, others: blocks.flatMap(({ where, content }) => (where === undefined ? [content] : [])) }
}
