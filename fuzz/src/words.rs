//! Specifications and other words of the command line.

use stack_core::synthetic::Synthetic;
use stack_methods::{METHODS, MethodSpec};

/// The specifications of all methods.
pub fn method_spec_seeds() -> Vec<Vec<u8>> {
    let more = ["hdf5:shuffle,gzip=9", "video:ffv1"].map(str::to_owned);
    METHODS.iter().map(|info| info.spec.to_owned()).chain(more).map(String::into_bytes).collect()
}

/// A specification string that is accepted prints itself so that it reads back.
pub fn method_spec(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Ok(spec) = text.parse::<MethodSpec>() else { return false };
    let printed = spec.to_string();
    assert_eq!(printed.parse::<MethodSpec>().expect("what was printed reads back"), spec);
    // Refusing it is as good as making the method of it.
    if let Ok(method) = stack_methods::method(text) {
        let canonical = method.spec();
        let again = stack_methods::method(&canonical.to_string()).expect("a method's own words name it");
        assert_eq!(again.spec(), canonical);
    }
    true
}

/// A specification of each kind of synthetic stack.
pub fn synthetic_spec_seeds() -> Vec<Vec<u8>> {
    [
        "reference:size=20x30,type=u16,steps=4",
        "gradient:frames=3,size=64x48x3,bits=12",
        "noise-uniform:frames=2,type=i32,seed=9",
        "noise-gaussian:size=64x64,seed=7,mean=100.5,sigma=3",
        "texture:frames=4,scale=16,drift=0.5x-0.25,life=10,sigma=0.1",
    ]
    .map(|spec| spec.as_bytes().to_vec())
    .to_vec()
}

/// A specification of a synthetic stack that is accepted reads back, and its stack has a valid header.
pub fn synthetic_spec(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let Ok(stack) = text.parse::<Synthetic>() else { return false };
    let printed = stack.to_string();
    assert_eq!(printed.parse::<Synthetic>().expect("what was printed reads back"), stack);
    if let Ok(source) = stack.source() {
        stack_core::FrameSource::header(&source).check().expect("a source has a valid header");
    }
    true
}
