import { Command } from 'commander'
import { formatChipProfile } from '../../hardware/profile/format-chip-profile.js'
import { parseSanaFeArchitecture } from '../../hardware/sana-fe/parse-architecture.js'
import { someText } from '../../network/reading/flag-values.js'
import { readTextFile } from '../../storage/read-text.js'
import { fileWithEnd } from '../file-with-end.js'
import { CHIP_PROFILE } from '../outputs/output-kind.js'
import { type Outputs, outputsOf } from '../outputs/outputs.js'
import { addOverwriteFlag } from '../overwrite-flag.js'
import { jsonLine, shown } from '../shown.js'
import type { Terminal } from '../terminal.js'
import { warn } from '../warn.js'

/** `antidrome convert <from> <to>`: a file of another program as one of antidrome. */
export function convertCommand(terminal: Terminal): Command {
  const command = new Command('convert')
    .description(
      'Write an architecture file of SANA-FE (YAML) as the profile of a chip (JSON), for --chip. What it says and a profile ' +
        'cannot is named in warnings.',
    )
    .argument('<from>', 'architecture file, .yaml or .yml', someText('from', 'a file'))
    .argument('<to>', 'profile to write, .json', someText('to', 'a file'))
  return addOverwriteFlag(command, 'the profile', 'a file').action(
    (from: string, to: string, { json }: { readonly json: boolean }) =>
      convert({ from, to, json, outputs: outputsOf(command, terminal) }, terminal),
  )
}

interface Conversion {
  readonly from: string
  readonly to: string
  readonly json: boolean
  readonly outputs: Outputs
}

async function convert({ from, to, json, outputs }: Conversion, terminal: Terminal): Promise<void> {
  fileWithEnd('from', from, ['yaml', 'yml'])
  fileWithEnd('to', to, ['json'])
  const { profile, notExpressed } = parseSanaFeArchitecture(await readTextFile(from, 'from'), from)
  const out = await outputs.file({ flag: 'to', path: to, kind: CHIP_PROFILE })
  for (const message of notExpressed)
    warn(terminal, json, { code: 'CHIP_NOT_EXPRESSED', message: `${from}: ${message}` })
  await out.write(formatChipProfile(profile))
  const { name, chip } = profile
  const record = { converted: true, from, to, profile: name, notExpressed: notExpressed.length }
  const size = `${chip.columns} x ${chip.rows} tiles of ${chip.coresPerTile}`
  terminal.out(
    json ? jsonLine(record) : shown`${to} holds the chip ${name}: ${size} cores. Name it with --chip ${to}.\n`,
  )
}
