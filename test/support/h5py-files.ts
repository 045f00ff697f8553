import { join } from 'node:path'
import { runWithH5py } from './h5py.js'

/** A way of writing a file: see `WRITE`. */
interface H5pyForm {
  readonly name: string
  /** The version of the library that may read it. */
  readonly libver: 'earliest' | 'latest'
  /** Of times. */
  readonly dtype: string
  /** Options of the datasets of spikes and labels; packed labels are shuffled and have checksums, too. */
  readonly options: Readonly<Record<string, unknown>>
}

/** Layouts, indices of chunks, filters and types that others may write. */
const H5PY_FORMS: readonly H5pyForm[] = [
  { name: 'earliest, whole', libver: 'earliest', dtype: '<f2', options: {} },
  { name: 'latest, whole', libver: 'latest', dtype: '<f2', options: {} },
  { name: 'big-endian', libver: 'earliest', dtype: '>f4', options: {} },
  { name: 'tree of packed chunks', libver: 'earliest', dtype: '<f4', options: { chunks: [5], compression: 'gzip' } },
  { name: 'tree of many chunks', libver: 'earliest', dtype: '<f8', options: { chunks: [1], maxshape: [null] } },
  {
    name: 'fixed array of packed chunks',
    libver: 'latest',
    dtype: '<f8',
    options: { chunks: [5], compression: 'gzip' },
  },
  { name: 'implicit chunks', libver: 'latest', dtype: '<f2', options: { chunks: [7] } },
  { name: 'one packed chunk', libver: 'latest', dtype: '<f2', options: { chunks: [200], compression: 'gzip' } },
  { name: 'growing array', libver: 'latest', dtype: '<f2', options: { chunks: [1], maxshape: [null] } },
  {
    name: 'growing array of packed chunks',
    libver: 'latest',
    dtype: '<f4',
    options: { chunks: [2], maxshape: [null], compression: 'gzip' },
  },
]

/** Recordings of every length from none on, many ties; prints what is in the file of each form. */
const WRITE = `
import h5py, json, sys, numpy as np
def write(path, libver, dtype, options, count):
  options = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
  draw = np.random.RandomState(3)
  if 'chunks' in options: options['chunks'] = (min(count, options['chunks'][0]),)
  with h5py.File(path, 'w', libver=libver) as file:
    spikes = file.create_group('spikes')
    times = spikes.create_dataset('times', (count,), dtype=h5py.vlen_dtype(np.dtype(dtype)), **options)
    units = spikes.create_dataset('units', (count,), dtype=h5py.vlen_dtype(np.dtype('<u2')), **options)
    events = []
    for row in range(count):
        length = 0 if row % 50 == 5 else 2500 if row == 9 else draw.randint(1, 40)
        one = np.sort(draw.randint(0, 30, length) / 32 if row % 2 else draw.rand(length)).astype(dtype)
        other = draw.randint(0, 700, length).astype('<u2')
        times[row], units[row] = one, other
        events.append([[float(time) * 1000 for time in one], other.tolist()])
    labels, speakers = draw.randint(0, 20, count), draw.randint(0, 12, count)
    packed = dict(options, shuffle=True, fletcher32=True) if 'compression' in options else options
    file.create_dataset('labels', data=labels.astype('<u2'), **packed)
    file.create_dataset('extra/speaker', data=speakers.astype('u1'))
    file.create_dataset('extra/keys', data=np.array(['class %d' % k for k in range(20)], dtype='S8'))
    file.create_dataset('extra/meta_info/gender', data=np.array(['male', 'female'] * 6, dtype='S6'))
    file.create_dataset('extra/meta_info/age', data=np.arange(30, 42))
    file.create_dataset('extra/meta_info/accent', data=['r\\u00e9p'] * 12, dtype=h5py.string_dtype())
  return {'events': events, 'labels': labels.tolist(), 'speakers': speakers.tolist()}
forms, count = json.loads(sys.argv[1]), int(sys.argv[2])
print(json.dumps([write(form['path'], form['libver'], form['dtype'], form['options'], count) for form in forms]))
`

export interface WrittenByH5py {
  readonly name: string
  readonly path: string
  readonly events: readonly (readonly [times: readonly number[], units: readonly number[]])[]
  readonly labels: readonly number[]
  readonly speakers: readonly number[]
}

/**
 * Files of all forms in a folder, by one process.
 *
 * @param count of recordings in each
 */
export function writeWithH5py(folder: string, count: number): readonly WrittenByH5py[] {
  const forms = H5PY_FORMS.map((form, k) => ({ ...form, path: join(folder, `${k}.h5`) }))
  const written = JSON.parse(runWithH5py(WRITE, [JSON.stringify(forms), `${count}`])) as readonly object[]
  return written.map((content, k) => ({ ...forms[k], ...content }) as WrittenByH5py)
}
