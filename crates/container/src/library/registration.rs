//! Registers bitshuffle, LZ4 and Zstandard with the library, on top of the slices of [`crate::filters`].
//!
//! Two reasons. The library can then read chunks of any shape and type of number itself, without plugins. And
//! files come out the same whether or not plugins are installed: the library would load one, let it change the
//! parameters that we give, and copy its name into the file.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use hdf5::h5check;
use hdf5::sync::sync;
use hdf5_sys::h5::{H5allocate_memory, H5free_memory};
use hdf5_sys::h5z::{H5Z_CLASS_T_VERS, H5Z_FLAG_REVERSE, H5Z_class2_t, H5Zregister};

use crate::filters::FilterError;
use crate::record::{BITSHUFFLE_ID, LZ4_ID, ZSTD_ID, decode_one, encode_one};

/// What the file records beside the numbers of the filters, so that other programs can name them.
const NAMES: [(i32, &CStr); 3] = [(BITSHUFFLE_ID, c"bitshuffle"), (LZ4_ID, c"lz4"), (ZSTD_ID, c"zstd")];

thread_local! {
    /// Most bytes that a filter may give: those of a chunk of the dataset that is being read. HDF5's own limit
    /// for a chunk where reading does not go through [`with_chunk_limit`].
    static CHUNK_LIMIT: Cell<usize> = const { Cell::new(u32::MAX as usize) };
}

/// Runs `read`, during which the registered filters may give chunks of up to `limit` bytes.
///
/// The library calls a filter on the thread that reads, so the limit is the thread's own.
pub(crate) fn with_chunk_limit<T>(limit: usize, read: impl FnOnce() -> T) -> T {
    CHUNK_LIMIT.with(|cell| {
        let before = cell.replace(limit);
        let outcome = read();
        cell.set(before);
        outcome
    })
}

/// Registers the filters once for the process.
pub(super) fn register_filters() -> hdf5::Result<()> {
    static REGISTERED: LazyLock<Result<(), String>> = LazyLock::new(|| {
        sync(|| {
            let callbacks = [filter::<BITSHUFFLE_ID>, filter::<LZ4_ID>, filter::<ZSTD_ID>].into_iter();
            for ((id, name), callback) in NAMES.into_iter().zip(callbacks) {
                let class = H5Z_class2_t {
                    version: H5Z_CLASS_T_VERS as c_int,
                    id,
                    encoder_present: 1,
                    decoder_present: 1,
                    name: name.as_ptr().cast::<c_char>(),
                    can_apply: None,
                    set_local: None,
                    filter: Some(callback),
                };
                // SAFETY: the library copies the class; the name it points to is static, and the callback keeps
                // the contract of filter callbacks (see there).
                h5check(unsafe { H5Zregister((&raw const class).cast()) }).map_err(|e| e.to_string())?;
            }
            Ok(())
        })
    });
    REGISTERED.clone().map_err(hdf5::Error::Internal)
}

/// The library's filter callback: replaces the buffer by the filtered one, or answers 0 and leaves it.
///
/// # Safety
/// The library calls this with `values` pointing to `count` parameters and `*buffer` to at least `length`
/// readable bytes that its own allocator made.
unsafe extern "C" fn filter<const ID: i32>(
    flags: c_uint,
    count: usize,
    values: *const c_uint,
    length: usize,
    buffer_bytes: *mut usize,
    buffer: *mut *mut c_void,
) -> usize {
    // A panic must not cross into C; there is none to be expected, and 0 is the library's word for failure.
    catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the library's promise, see above. A null pointer is allowed where there are no parameters.
        let values = if count == 0 { &[] } else { unsafe { std::slice::from_raw_parts(values, count) } };
        // SAFETY: the library's promise, see above.
        let input = unsafe { std::slice::from_raw_parts((*buffer).cast::<u8>(), length) };
        let output: Result<Vec<u8>, FilterError> = if flags & H5Z_FLAG_REVERSE != 0 {
            decode_one(ID, values, input, CHUNK_LIMIT.get())
        } else {
            encode_one(ID, values, input)
        };
        let Ok(output) = output else { return 0 };
        // SAFETY: the new buffer comes from the library's allocator, is filled before it is handed over, and the
        // old one is freed exactly once, after its last use.
        unsafe {
            let replacement = H5allocate_memory(output.len(), 0);
            if replacement.is_null() {
                return 0;
            }
            std::ptr::copy_nonoverlapping(output.as_ptr(), replacement.cast::<u8>(), output.len());
            H5free_memory(*buffer);
            *buffer = replacement;
            *buffer_bytes = output.len();
        }
        output.len()
    }))
    .unwrap_or(0)
}
