import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Checkpoint } from '../../src/storage/checkpoint/checkpoint.js'
import { encodeCheckpoint } from '../../src/storage/checkpoint/checkpoint-file.js'
import type { CheckpointStore } from '../../src/storage/checkpoint/checkpoint-store.js'
import { openResumable } from '../../src/storage/checkpoint/open-resumable.js'
import type { EarlierWork } from '../../src/storage/earlier-work.js'

/** A place for checkpoints that is empty at first. */
export interface CheckpointPlaceFixture extends AsyncDisposable {
  /** For people. */
  readonly name: string
  /** What opening it is refused with while another store of it is open. */
  readonly inUse: string
  open(earlier?: EarlierWork): Promise<CheckpointStore>
  /** Names of everything there but locks, without what checkpoints begin with, in order. */
  list(): Promise<readonly string[]>
  /** Puts other bytes in the place of those of a checkpoint, or where none is. */
  put(place: string, bytes: Uint8Array): Promise<void>
  /** The place of something that is no checkpoint. */
  beside(name: string): string
}

export const checkpointOf = (step: number): Checkpoint => ({
  head: { kind: 'training', writer: '0.1.0', identity: { seed: '7', kernel: 'simd' }, position: { epoch: 1, step } },
  body: { weights: Float64Array.of(step, -0, Number.NaN), label: Uint8Array.of(3), norm: Infinity, loss: null },
})
export const bytesOf = (step: number) => new Uint8Array(Buffer.concat(encodeCheckpoint(checkpointOf(step))))

/** Bytes of a checkpoint with a checksum that fits them. */
export function resealed(bytes: Uint8Array): Uint8Array {
  bytes.fill(0, 24, 56)
  bytes.set(createHash('sha256').update(bytes).digest(), 24)
  return bytes
}

/** What holds wherever checkpoints are kept. */
export function describeCheckpointStore(kind: string, create: () => Promise<CheckpointPlaceFixture>): void {
  describe(`${kind}: a place for checkpoints`, () => {
    let place: CheckpointPlaceFixture
    beforeEach(async () => {
      place = await create()
    })
    afterEach(() => place[Symbol.asyncDispose]())

    const wrote = async (store: CheckpointStore, steps: readonly number[]) => {
      const places: string[] = []
      for (const step of steps) places.push(await store.write(checkpointOf(step)))
      return places
    }
    const numberOf = (name: string) => Number(/(\d+)\.antd$/.exec(name)?.[1])

    test('keeps the newest three, finds the newest and counts on', async () => {
      const store = await place.open()
      expect(store.name).toBe(place.name)
      expect(await store.newest()).toBeNull()
      const places = await wrote(store, [1, 2, 3, 4, 5])
      expect(places.map(numberOf)).toEqual([1, 2, 3, 4, 5])
      expect((await place.list()).map(numberOf)).toEqual([3, 4, 5])
      await store[Symbol.asyncDispose]()
      await using again = await place.open({ resume: true })
      const found = await again.newest()
      expect(found).toMatchObject({ place: places[4], damaged: [] })
      expect(found?.checkpoint).toStrictEqual(checkpointOf(5))
      expect(numberOf(await again.write(checkpointOf(6)))).toBe(6)
      expect((await place.list()).map(numberOf)).toEqual([4, 5, 6])
    })

    test('passes over damaged ones and names each', async () => {
      await using store = await place.open()
      const [, second = '', third = ''] = await wrote(store, [1, 2, 3])
      await place.put(third, bytesOf(3).slice(0, 200))
      const turned = bytesOf(2)
      turned[100] = 0
      await place.put(second, turned)
      const found = await store.newest()
      expect(found?.checkpoint).toStrictEqual(checkpointOf(1))
      expect(found?.damaged).toEqual([
        { place: third, found: `200 bytes instead of ${bytesOf(3).length}` },
        { place: second, found: 'bytes that do not match their checksum' },
      ])
      // The next one comes behind the damaged ones.
      expect(numberOf(await store.write(checkpointOf(4)))).toBe(4)
      expect((await store.newest())?.checkpoint).toStrictEqual(checkpointOf(4))
    })

    test('in which none is whole is a mistake that names them all', async () => {
      await using store = await place.open()
      const places = await wrote(store, [1, 2])
      for (const each of places) await place.put(each, new TextEncoder().encode('hello'))
      const newest = store.newest()
      await expect(newest).rejects.toMatchObject({ code: 'CHECKPOINT_DAMAGED', details: { file: place.name } })
      for (const each of places) await expect(newest).rejects.toThrow(`5 bytes, too few for any checkpoint (${each})`)
    })

    test('with one of another version of the format is refused with both', async () => {
      await using store = await place.open()
      const [first = ''] = await wrote(store, [1])
      const bytes = bytesOf(1)
      bytes[8] = 9
      await place.put(first, resealed(bytes))
      await expect(store.newest()).rejects.toMatchObject({
        code: 'CHECKPOINT_VERSION',
        details: { file: first, found: '9', expected: '1' },
      })
    })

    test('with those of an earlier run is refused, unless they are gone on with or replaced', async () => {
      await place.put(place.beside('notes.txt'), Uint8Array.of(1))
      const steps = async () => (await place.list()).filter((name) => name.endsWith('.antd')).map(numberOf)
      const earlier = await place.open()
      await wrote(earlier, [1, 2, 3])
      for (const options of [{}, { resume: true }, { overwrite: true }])
        await expect(place.open(options)).rejects.toMatchObject({ code: place.inUse })
      await earlier[Symbol.asyncDispose]()
      await expect(place.open()).rejects.toMatchObject({
        code: 'CHECKPOINTS_EXIST',
        details: { file: place.name, found: '3 checkpoints of an earlier run' },
      })
      expect(await steps()).toEqual([1, 2, 3])
      {
        // Both: what can be gone on with is not replaced.
        await using both = await place.open({ resume: true, overwrite: true })
        await both.write(checkpointOf(4))
        expect(await steps()).toEqual([2, 3, 4])
      }
      await using later = await place.open({ overwrite: true })
      // They stay as long as there is nothing better.
      expect(await steps()).toEqual([2, 3, 4])
      await later.write(checkpointOf(5))
      expect(await steps()).toEqual([5])
      await later.write(checkpointOf(6))
      expect(await steps()).toEqual([5, 6])
      expect(await place.list()).toContain('notes.txt')
    })

    test('whose checkpoints are of no use is free again', async () => {
      {
        await using store = await place.open()
        await store.write(checkpointOf(1))
      }
      const run = { kind: 'training', identity: { seed: '8', kernel: 'simd' } } as const
      const resume = { resume: true }
      await expect(openResumable(await place.open(resume), resume, run)).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
        details: { field: 'seed', found: '7', expected: '8' },
      })
      await using again = await place.open(resume)
      expect((await again.newest())?.checkpoint).toStrictEqual(checkpointOf(1))
    })
  })
}
