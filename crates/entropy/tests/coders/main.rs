//! Every coder against its slow form, its golden bytes, damaged bytes, and Python.

mod arithmetic;
mod bits;
mod huffman;
mod information;
mod rans;
mod support;
