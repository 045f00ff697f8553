import { runWithH5py } from './h5py.js'

/** A way of writing a file: see `WRITE`. */
export interface H5pyForm {
  readonly name: string
  /** The version of the library that may read it. */
  readonly libver: 'earliest' | 'latest'
  /** Of times. */
  readonly dtype: string
  /** Options of the datasets of spikes and labels; packed labels are shuffled and have checksums, too. */
  readonly options: Readonly<Record<string, unknown>>
}

/** Layouts, indices of chunks, filters and types that others may write. */
export const H5PY_FORMS: readonly H5pyForm[] = [
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

/** Recordings of every length from none on, many ties; prints what is in the file. */
const WRITE = `
import h5py, json, sys, numpy as np
path, libver, dtype, options = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
options = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
draw, count = np.random.RandomState(3), int(sys.argv[5])
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
print(json.dumps({'events': events, 'labels': labels.tolist(), 'speakers': speakers.tolist()}))
`

export interface WrittenByH5py {
  readonly events: readonly (readonly [times: readonly number[], units: readonly number[]])[]
  readonly labels: readonly number[]
  readonly speakers: readonly number[]
}

/** @param count of recordings */
export function writeWithH5py(path: string, { libver, dtype, options }: H5pyForm, count: number): WrittenByH5py {
  return JSON.parse(runWithH5py(WRITE, [path, libver, dtype, JSON.stringify(options), `${count}`]))
}
