import type { Mutant } from '../mutant.js'

export const CLI: readonly Mutant[] = [
  {
    id: 'verify-one-block',
    why: 'verify of a network of a single block runs on no number of cores at all',
    file: 'src/cli/verify/verify-command.ts',
    find: 'DEFAULT_CORES.filter((count) => count <= mostCores(network))',
    replace: 'DEFAULT_CORES.filter((count) => count < mostCores(network))',
    tests: ['test/cli/verify.test.ts'],
  },
  {
    id: 'output-by-hard-link',
    why: 'a file that is kept may be overwritten through a hard link',
    file: 'src/cli/outputs/require-replaceable.ts',
    find: 'found.nlink > 1',
    replace: 'found.nlink > 2',
    tests: ['test/cli/outputs.ci.test.ts'],
  },
  {
    id: 'converted-over-anything',
    why: 'convert writes over whatever its second argument names',
    file: 'src/cli/outputs/inputs-of.ts',
    find: "const OUTPUT_ARGUMENTS: readonly string[] = ['to']",
    replace: 'const OUTPUT_ARGUMENTS: readonly string[] = []',
    tests: ['test/cli/convert.test.ts', 'test/cli/outputs.ci.test.ts'],
  },
  {
    id: 'no-epochs-to-add',
    why: 'a training that has nothing left to do ends without a word',
    file: 'src/cli/train/from/finished-training.ts',
    find: 'if (epoch <= epochs) return',
    replace: 'if (epoch <= epochs + 1) return',
    tests: ['test/cli/train/from.test.ts'],
  },
  {
    id: 'exit-code-lost',
    why: 'the process ends with 0 whatever has failed',
    file: 'src/cli/main.ts',
    find: 'process.exitCode = await runCommand(',
    replace: 'await runCommand(',
    tests: ['test/cli/process.test.ts'],
    bundle: true,
  },
]
