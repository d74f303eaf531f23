//! The kernel's one error: what kind, what was wrong, and how to mend it.

use std::fmt;

/// What an error is about; the bindings turn each kind into one Python class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument of the caller's makes no sense.
    Argument,
    /// Data that cannot be profiled: damaged files, rows of uneven length, duplicate columns.
    Data,
    /// A profile file that is not one, is damaged, or is of a newer major version.
    Format,
    /// Profiles that cannot be merged.
    Merge,
    /// A file that does not exist or cannot be read.
    File,
    /// The caller asked to stop.
    Interrupted,
}

/// An error of the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// The kernel's result.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of the given kind; the message says what was given, expected, and how to mend it.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// [`ErrorKind::Argument`].
    pub fn argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Argument, message)
    }

    /// [`ErrorKind::Data`].
    pub fn data(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Data, message)
    }

    /// [`ErrorKind::Format`].
    pub fn format(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Format, message)
    }

    /// [`ErrorKind::Merge`].
    pub fn merge(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Merge, message)
    }

    /// [`ErrorKind::File`].
    pub fn file(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::File, message)
    }

    /// [`ErrorKind::Interrupted`].
    pub fn interrupted() -> Self {
        Self::new(ErrorKind::Interrupted, "interrupted")
    }

    /// What the error is about.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The message for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The same error, with where it happened put in front.
    pub fn at(self, place: impl fmt::Display) -> Self {
        Self {
            kind: self.kind,
            message: format!("{place}: {}", self.message),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
