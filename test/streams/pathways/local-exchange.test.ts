import { expect, test } from 'vitest'
import { createLocalExchange } from '../../../src/streams/pathways/local-exchange.js'

function openExchange() {
  const deliveries: (() => void)[] = []
  const exchange = createLocalExchange((message) => deliveries.push(message))
  const heard: unknown[] = []
  exchange.values$.subscribe({ next: (values) => heard.push(values), complete: () => heard.push('no more values') })
  exchange.answers$.subscribe({ next: (values) => heard.push(values), complete: () => heard.push('no more answers') })
  return { exchange, deliveries, heard }
}

test('values run forward and answers back, when they are delivered', () => {
  const { exchange, deliveries, heard } = openExchange()
  const [values, answer] = [Float64Array.of(0.5, 3), Float64Array.of(-0.25)]
  exchange.sendValues(values)
  exchange.sendAnswer(answer)
  expect(heard).toEqual([])
  deliveries[1]!()
  expect(heard[0]).toBe(answer)
  deliveries[0]!()
  expect(heard[1]).toBe(values)
  expect(heard).toHaveLength(2)
})

test('each direction keeps its order, whichever delivery comes first', () => {
  const { exchange, deliveries, heard } = openExchange()
  const list = [1, 2, 3].map((value) => Float64Array.of(value))
  for (const values of list) exchange.sendValues(values)
  for (const k of [2, 0, 1]) deliveries[k]!()
  expect(heard).toEqual(list)
})

test('closing completes both directions', () => {
  const { exchange, deliveries, heard } = openExchange()
  exchange.sendAnswer(Float64Array.of(1))
  exchange.close()
  for (const deliver of deliveries) deliver()
  expect(heard).toEqual(['no more values', 'no more answers'])
})
