import { expect, test } from 'vitest'
import { createProgressWords } from '../../src/cli/progress-words.js'

test('what takes long is told, though not at once, and no more than every few seconds', () => {
  const said: string[] = []
  let now = 100
  const terminal = { out: () => undefined, err: (text: string) => said.push(text), screen: null }
  const tell = createProgressWords(terminal as never, () => now)
  for (now of [100, 104.9, 105, 106, 109.9, 110, 300]) tell(`at ${now}`)
  expect(said).toEqual(['antidrome: at 105.\n', 'antidrome: at 110.\n', 'antidrome: at 300.\n'])
})
