//! How much code and data an object file holds.

/// Bytes by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sizes {
    /// Instructions.
    pub(crate) code: f64,
    /// Everything else that is loaded.
    pub(crate) data: f64,
}

/// Reads the section headers of a 64-bit little-endian ELF file.
pub(crate) fn sizes(file: &[u8]) -> Result<Sizes, String> {
    read(file).ok_or_else(|| "not an ELF object file of a 64-bit little-endian machine".to_owned())
}

fn read(file: &[u8]) -> Option<Sizes> {
    const ALLOCATED: u64 = 2;
    const EXECUTABLE: u64 = 4;
    const UNWIND_TABLES: u32 = 0x7000_0001;
    const PROGRAM_DATA: u32 = 1;
    if file.get(..6)? != [0x7f, b'E', b'L', b'F', 2, 1] {
        return None;
    }
    let headers = usize::try_from(word(file, 0x28)?).ok()?;
    let size = usize::from(half(file, 0x3a)?);
    let count = usize::from(half(file, 0x3c)?);
    let count = match count {
        // More than fits: the first header tells.
        0 => usize::try_from(word(file, headers + 0x20)?).ok()?,
        count => count,
    };
    let mut sizes = Sizes::default();
    for index in 0..count {
        let header = headers + index * size;
        let (kind, flags) = (quarter(file, header + 4)?, word(file, header + 8)?);
        let bytes = word(file, header + 0x20)? as f64;
        if flags & ALLOCATED == 0 || kind == UNWIND_TABLES {
            continue;
        }
        if flags & EXECUTABLE != 0 {
            sizes.code += bytes;
        } else if kind >= PROGRAM_DATA {
            sizes.data += bytes;
        }
    }
    Some(sizes)
}

fn half(file: &[u8], at: usize) -> Option<u16> {
    file.get(at..at + 2)?
        .try_into()
        .ok()
        .map(u16::from_le_bytes)
}

fn quarter(file: &[u8], at: usize) -> Option<u32> {
    file.get(at..at + 4)?
        .try_into()
        .ok()
        .map(u32::from_le_bytes)
}

fn word(file: &[u8], at: usize) -> Option<u64> {
    file.get(at..at + 8)?
        .try_into()
        .ok()
        .map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_holds_code_and_data() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        if program.starts_with(b"\x7fELF") {
            let sizes = sizes(&program).unwrap();
            assert!(sizes.code > 10_000.0 && sizes.data > 1_000.0);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        assert!(sizes(b"#!/bin/sh").is_err());
    }
}
