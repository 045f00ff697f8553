import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readGuidePage } from '../support/guide-page.js'
import { GUIDED_HOSTS } from '../support/guided-machines.js'
import { readSecurityPage, rightsInConfig } from '../support/security-page.js'

const { text: page, steps, others } = readGuidePage()

describe('docs/cluster.md', () => {
  test('has commands for every machine, and files for those that need them', () => {
    expect([...new Set(steps.flatMap(({ hosts }) => hosts))].sort()).toEqual([...GUIDED_HOSTS].sort())
    expect(page.match(/^```sh$/m)).toBeNull()
  })

  test('has containers whose users the server knows, under the name that its certificate has', () => {
    const compose = parse(others.find((block) => block.includes('services:')) ?? '', { merge: true })
    const { nats, ...workers } = compose.services
    const users = [...rightsInConfig(readSecurityPage().config).keys()]
    const [, name] = /subjectAltName=DNS:(\S+)'/.exec(page) ?? []
    expect(nats.networks.default.aliases).toEqual([name])
    expect(Object.keys(workers).length).toBeGreaterThan(1)
    const unit = steps.find(({ text }) => text.startsWith('[Unit]'))?.text ?? ''
    for (const { command, volumes } of Object.values<{ command: string; volumes: readonly string[] }>(workers)) {
      const flags = new Map([...command.matchAll(/(--[\w-]+)(?: ([^-]\S*))?/g)].map(([, flag, value]) => [flag, value]))
      expect(flags.get('--join')).toBe(`tls://${name}`)
      expect(users).toContain(flags.get('--user'))
      for (const flag of ['--tls-ca', '--password-file'])
        expect(volumes.some((volume) => flags.get(flag)?.startsWith(`${volume.split(':')[1]}/`))).toBe(true)
      for (const flag of flags.keys()) if (flag !== '--name') expect(unit).toContain(`${flag} `)
    }
  })
})
