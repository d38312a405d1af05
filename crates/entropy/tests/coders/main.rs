//! Every coder against its slow form, its golden bytes, damaged bytes, and Python.

mod bits;
mod huffman;
mod information;
mod support;
