import { createServer } from 'node:net'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import type { ClusterWorker } from '../../../src/actors/cluster-session.js'
import type { PartitionMetrics } from '../../../src/actors/partition/partition.js'
import { createSampling } from '../../../src/cli/metrics/metrics-sample.js'
import { formatMetrics, watchMetrics } from '../../../src/cli/metrics/watch-metrics.js'
import { trafficSplit } from '../../support/link-traffic.js'
import { CLOSED_FORM, createFiles, jsonLines, run } from '../run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())
afterEach(() => {
  vi.useRealTimers()
})

const network = files.write('closed-form.json', CLOSED_FORM)
const input = files.write('input.json', { input: { times: [2, 3], units: [0, 0] } })

const core = (number: number, synapticEvents: number): PartitionMetrics => ({
  core: number,
  synapticEvents,
  spikes: 7,
  queuedSpikes: 2,
  watermarkLag: 1500,
  kernelSeconds: 0.5,
  memory: { rss: 5 << 20, heapUsed: 6, arrayBuffers: 8 },
  links: [
    {
      peer: 1 - number,
      sent: { spikes: 1, gradientEvents: 2, messages: 3, bytes: 4, split: trafficSplit({ lossSpikes: 1 }) },
      received: { spikes: 10, gradientEvents: 20, messages: 30, bytes: 40, split: trafficSplit({ spikes: 10 }) },
    },
  ],
})

/** A terminal that keeps what it is told. */
function createPaper() {
  const paper = { stdout: '', stderr: '' }
  return {
    paper,
    terminal: {
      out: (text: string) => {
        paper.stdout += text
      },
      err: (text: string) => {
        paper.stderr += text
      },
    },
  }
}

describe('simulate --metrics', () => {
  test('tells as JSON what was counted, and then the same results as without', async () => {
    const plain = await run('simulate', network, '--input', input, '--json')
    const { code, out, err } = await run('simulate', network, '--input', input, '--json', '--metrics')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [first, ...rest] = jsonLines(out)
    expect(rest).toEqual(jsonLines(plain.out))
    expect(first).toEqual({
      metrics: {
        core: 0,
        time: expect.any(Number),
        synapticEvents: 2,
        synapticEventsPerSecond: expect.any(Number),
        spikes: (rest[0] as { times: number[] }).times.length,
        queuedSpikes: 0,
        watermarkLag: 0,
        kernelSeconds: 0,
        memory: { rss: expect.any(Number), heapUsed: expect.any(Number), arrayBuffers: expect.any(Number) },
        links: [],
      },
    })
  })

  test('tells people in a line on stderr', async () => {
    const { code, out, err } = await run('simulate', network, '--input', input, '--metrics')
    expect(code).toBe(0)
    expect(out).not.toContain('core 0')
    expect(err).toMatch(/^[\d.]+ s {2}[\d.]+e\+\d synaptic events\/s \| core 0 .*queue 0 lag 0.0 ms rss \d+ MiB\n$/)
  })

  test.each(['70000', '-1', 'x'])('refuses the port %s', async (port) => {
    const { code, err } = await run('simulate', network, `--metrics-port=${port}`)
    expect(code).toBe(2)
    expect(err).toContain('--metrics-port')
    expect(err).toContain('an integer from 0 to 65535')
  })

  test('refuses a port that is in use', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { code, err } = await run('simulate', network, '--input', input, '--metrics-port', String(port))
    taken.close()
    expect(code).toBe(2)
    expect(err).toContain(`--metrics-port: found 127.0.0.1:${port}, which is in use`)
    expect(err).toContain('[PORT_IN_USE]')
  })
})

test('a sample tells which worker held the core', () => {
  const worker = { name: 'w2', machine: 'host-b', run: 'r', epoch: 3 }
  const sample = createSampling(
    () => 1,
    () => [{ core: 1, kind: 'process', id: 77, worker }],
  )
  expect(sample([core(0, 1), core(1, 1)]).map((each) => each.worker)).toEqual([undefined, worker])
})

test('the rate of events is over the time since the sample before', () => {
  let now = 100
  const sample = createSampling(() => now)
  now = 102
  expect(sample([core(0, 10), core(1, 0)]).map((each) => each.synapticEventsPerSecond)).toEqual([5, 0])
  now = 106
  const later = sample([core(0, 10), core(1, 8)])
  expect(later.map(({ time, synapticEventsPerSecond }) => [time, synapticEventsPerSecond])).toEqual([
    [6, 0],
    [6, 2],
  ])
  expect(formatMetrics(later)).toBe(
    '6.0 s  2.00e+0 synaptic events/s | core 0 0.00e+0/s queue 2 lag 1500.0 ms rss 5 MiB | core 1 2.00e+0/s queue 2 lag 1500.0 ms rss 5 MiB\n',
  )
  expect(formatMetrics([])).toBe('')
})

describe('a watch', () => {
  test('asks every second and at the end, once at a time, and past failures', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { paper, terminal } = createPaper()
    let asked = 0
    const session = {
      workers: [],
      async metrics() {
        asked++
        if (asked === 2) throw new Error('busy')
        return [core(0, asked)]
      },
    }
    const watch = await watchMetrics(session, { metrics: true, json: true }, terminal)
    for (let second = 0; second < 3; second++) await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toBe(3)
    await watch[Symbol.asyncDispose]()
    await watch[Symbol.asyncDispose]()
    await vi.advanceTimersByTimeAsync(5000)
    const counts = jsonLines(paper.stdout).map(({ metrics }) => (metrics as PartitionMetrics).synapticEvents)
    expect(counts).toEqual([1, 3, 4])
    expect(paper.stderr).toBe('')
  })

  test('does not ask where nobody wants to know', async () => {
    const session = { workers: [], metrics: () => Promise.reject(new Error('nobody asked')) }
    const { paper, terminal } = createPaper()
    const watch = await watchMetrics(session, { metrics: false, json: true }, terminal)
    await watch[Symbol.asyncDispose]()
    expect(paper).toEqual({ stdout: '', stderr: '' })
  })

  test('serves the latest sample to Prometheus, on this machine alone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { paper, terminal } = createPaper()
    const worker = { name: 'w2', machine: 'host-b', run: 'r', epoch: 3 }
    const workers: readonly ClusterWorker[] = [{ core: 1, kind: 'process', id: 77, worker }]
    const session = { workers, metrics: async () => [core(0, 41), core(1, 42)] }
    const watch = await watchMetrics(session, { metrics: false, metricsPort: 0, json: true }, terminal)
    const url = /^Metrics at (http:\/\/127\.0\.0\.1:\d+\/metrics)\n$/.exec(paper.stderr)?.[1] ?? ''
    const before = await fetch(url)
    expect(before.headers.get('content-type')).toContain('text/plain')
    expect(await before.text()).not.toContain('core="0"')
    await vi.advanceTimersByTimeAsync(1000)
    // Read twice: what is told are sums, not additions.
    await (await fetch(url)).text()
    const lines = (await (await fetch(url)).text()).split('\n')
    for (const line of [
      '# TYPE antidrome_synaptic_events_total counter',
      'antidrome_synaptic_events_total{core="0"} 41',
      'antidrome_core_info{core="1",worker="w2",machine="host-b",run="r",epoch="3"} 1',
      'antidrome_synaptic_events_total{core="1"} 42',
      'antidrome_spikes_total{core="0"} 7',
      'antidrome_kernel_seconds_total{core="0"} 0.5',
      '# TYPE antidrome_queued_spikes gauge',
      'antidrome_queued_spikes{core="0"} 2',
      'antidrome_watermark_lag_seconds{core="0"} 1.5',
      'antidrome_resident_memory_bytes{core="0"} 5242880',
      'antidrome_heap_used_bytes{core="0"} 6',
      'antidrome_array_buffer_bytes{core="0"} 8',
      'antidrome_link_spikes_total{core="0",peer="1",direction="sent"} 1',
      'antidrome_link_gradient_events_total{core="0",peer="1",direction="received"} 20',
      'antidrome_link_messages_total{core="1",peer="0",direction="sent"} 3',
      'antidrome_link_bytes_total{core="1",peer="0",direction="received"} 40',
      'antidrome_link_parts_total{core="0",peer="1",direction="sent",part="lossSpikes"} 1',
      'antidrome_link_parts_total{core="1",peer="0",direction="received",part="spikes"} 10',
    ])
      expect(lines).toContain(line)
    expect((await fetch(url.replace('metrics', 'else'))).status).toBe(404)
    expect((await fetch(url, { method: 'POST' })).status).toBe(404)
    await watch[Symbol.asyncDispose]()
    expect(paper.stdout).toBe('')
    await expect(fetch(url)).rejects.toThrow()
  })
})
