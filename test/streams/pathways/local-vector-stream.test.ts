import { expect, test } from 'vitest'
import { createLocalVectorStream } from '../../../src/streams/pathways/local-ends.js'

function openVectorStream() {
  const deliveries: (() => void)[] = []
  const vectorStream = createLocalVectorStream((message) => deliveries.push(message))
  const heard: unknown[] = []
  vectorStream.values$.subscribe({ next: (values) => heard.push(values), complete: () => heard.push('no more values') })
  vectorStream.returned$.subscribe({
    next: (values) => heard.push(values),
    complete: () => heard.push('no more returned'),
  })
  return { vectorStream, deliveries, heard }
}

test('values run forward and others back, when they are delivered', () => {
  const { vectorStream, deliveries, heard } = openVectorStream()
  const [values, returned] = [Float64Array.of(0.5, 3), Float64Array.of(-0.25)]
  vectorStream.sendValues(values)
  vectorStream.sendReturned(returned)
  expect(heard).toEqual([])
  deliveries[1]!()
  expect(heard[0]).toBe(returned)
  deliveries[0]!()
  expect(heard[1]).toBe(values)
  expect(heard).toHaveLength(2)
})

test('each direction keeps its order, whichever delivery comes first', () => {
  const { vectorStream, deliveries, heard } = openVectorStream()
  const list = [1, 2, 3].map((value) => Float64Array.of(value))
  for (const values of list) vectorStream.sendValues(values)
  for (const k of [2, 0, 1]) deliveries[k]!()
  expect(heard).toEqual(list)
})

test('closing completes both directions', () => {
  const { vectorStream, deliveries, heard } = openVectorStream()
  vectorStream.sendReturned(Float64Array.of(1))
  vectorStream.close()
  for (const deliver of deliveries) deliver()
  expect(heard).toEqual(['no more values', 'no more returned'])
})
