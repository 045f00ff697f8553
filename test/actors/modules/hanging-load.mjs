// A module that never comes to its end as it is loaded; it waits, which costs no time of a processor.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
