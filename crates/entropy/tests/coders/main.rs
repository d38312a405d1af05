//! Every coder against its slow form, its golden bytes, damaged bytes, and Python.

mod arithmetic;
mod bits;
mod golomb;
mod huffman;
mod information;
mod mixing;
mod rans;
mod run_length;
mod support;
