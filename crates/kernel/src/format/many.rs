//! Many files at once, on all cores.

use super::{Selection, decode_selected};
use crate::profile::Profile;
use crate::{Result, cores, files};

/// The selected profiles of each file, in the order of the paths; an error names its file.
pub fn read_files(paths: &[String], selection: &Selection) -> Vec<Result<Vec<Profile>>> {
    cores::map(paths, |path| {
        let bytes = std::fs::read(path).map_err(|error| files::unreadable(path, &error))?;
        decode_selected(&bytes, selection).map_err(|error| error.at(path))
    })
}
