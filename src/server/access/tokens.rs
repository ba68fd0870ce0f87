//! Tokens: who may ask, as whom, until when. The file holds their hashes, never the tokens.
//!
//! A token is 256 random bits, so one pass of SHA-256 is as slow to undo as any slower hash.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use anyhow::Context as _;
use jiff::Timestamp;
use rand::TryRng as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::audience::Audience;
use crate::hint::Hint;
use crate::server::reply::hex;

/// Name of the file in the workspace.
pub const TOKENS: &str = "wardheat-tokens.json";

/// What every token starts with, so that a scan for secrets can find one that got away.
const PREFIX: &str = "wardheat_";

/// SHA-256 of a token.
pub(crate) type Hash = [u8; 32];

/// One token, as the file holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Who it was given to.
    pub name: String,
    /// What they may see.
    pub audience: Audience,
    /// SHA-256 of the token, hexadecimal.
    sha256: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends; never where absent.
    pub expires: Option<Timestamp>,
}

impl Token {
    /// Whether it may still be used at `now`.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|end| now < end)
    }

    fn hash(&self) -> Option<Hash> {
        let digits = self.sha256.as_bytes();
        let mut hash = [0; 32];
        if digits.len() != 64 || !self.sha256.is_ascii() {
            return None;
        }
        for (byte, pair) in hash.iter_mut().zip(self.sha256.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(hash)
    }
}

/// The hash by which a token is known.
pub(crate) fn hash_of(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// The tokens of the workspace in `dir`, in the order they were added.
///
/// # Errors
///
/// If the file is there and cannot be read.
pub fn list(dir: &Path) -> anyhow::Result<Vec<Token>> {
    let path = dir.join(TOKENS);
    let text = match fs::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.with_context(|| format!("reading {}", path.display()))?,
    };
    serde_json::from_slice(&text)
        .with_context(|| format!("reading {}", path.display()))
        .context(Hint("move the file away and give out new tokens: wardheat token add".into()))
}

/// Adds a token and gives it: nobody can read it again.
///
/// # Errors
///
/// If the name is taken or cannot be one, or the file cannot be written.
pub fn add(
    dir: &Path,
    name: &str,
    audience: Audience,
    expires: Option<Timestamp>,
) -> anyhow::Result<String> {
    let plain = |c: char| c.is_alphanumeric() || "-_.@ ".contains(c);
    if name.trim().is_empty() || name.len() > 64 || !name.chars().all(plain) {
        anyhow::bail!("`{name}` is no name: wanted up to 64 letters, digits, spaces and -_.@");
    }
    let mut tokens = list(dir)?;
    if tokens.iter().any(|token| token.name == name) {
        return Err(anyhow::anyhow!("there is a token for {name} already")
            .context(Hint(format!("end it first: wardheat token revoke \"{name}\""))));
    }
    let mut secret = [0u8; 32];
    rand::rngs::SysRng.try_fill_bytes(&mut secret).context("drawing a random token")?;
    let token = format!("{PREFIX}{}", hex(&secret));
    tokens.push(Token {
        name: name.to_owned(),
        audience,
        sha256: hex(&hash_of(&token)),
        created: Timestamp::now(),
        expires,
    });
    write(dir, &tokens)?;
    Ok(token)
}

/// Ends the token that was given to `name`.
///
/// # Errors
///
/// If there is none, or the file cannot be written.
pub fn revoke(dir: &Path, name: &str) -> anyhow::Result<()> {
    let mut tokens = list(dir)?;
    let before = tokens.len();
    tokens.retain(|token| token.name != name);
    if tokens.len() == before {
        let known: Vec<&str> = tokens.iter().map(|token| token.name.as_str()).collect();
        anyhow::bail!("there is no token for {name} (there are: {})", known.join(", "));
    }
    write(dir, &tokens)
}

/// Replaces the file whole, readable by its owner alone where the system knows owners by mode; on
/// Windows it inherits the rights of the folder.
fn write(dir: &Path, tokens: &[Token]) -> anyhow::Result<()> {
    let (path, beside) = (dir.join(TOKENS), dir.join(format!("{TOKENS}.new")));
    let doing = || format!("writing {}", path.display());
    let text = serde_json::to_vec_pretty(tokens)?;
    let _ = fs::remove_file(&beside);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).with_context(doing)?;
    file.write_all(&text).and_then(|()| file.sync_all()).with_context(doing)?;
    drop(file);
    fs::rename(&beside, &path).with_context(doing)
}

/// The tokens of a workspace as the server holds them: read again when their file changes.
#[derive(Debug)]
pub(crate) struct Tokens {
    dir: PathBuf,
    held: Mutex<(Option<SystemTime>, Arc<Vec<Token>>)>,
}

impl Tokens {
    pub(crate) fn of(dir: &Path) -> anyhow::Result<Self> {
        let tokens = Self { dir: dir.to_owned(), held: Mutex::default() };
        let changed = tokens.changed();
        *tokens.held.lock().unwrap_or_else(PoisonError::into_inner) =
            (changed, Arc::new(list(dir)?));
        Ok(tokens)
    }

    fn changed(&self) -> Option<SystemTime> {
        fs::metadata(self.dir.join(TOKENS)).and_then(|file| file.modified()).ok()
    }

    /// Those there are now. A file that cannot be read any more keeps those that were read.
    pub(crate) fn current(&self) -> Arc<Vec<Token>> {
        let changed = self.changed();
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.0 != changed {
            match list(&self.dir) {
                Ok(tokens) => *held = (changed, Arc::new(tokens)),
                Err(error) => tracing::error!("{error:#}"),
            }
        }
        Arc::clone(&held.1)
    }

    /// The token with this hash, if it may be used now. Every token is compared, each in a time that
    /// says nothing of how much of it fits.
    pub(crate) fn find(&self, hash: &Hash, now: Timestamp) -> Option<Token> {
        let mut found = None;
        for token in self.current().iter() {
            let held = token.hash().unwrap_or_default();
            if bool::from(held.ct_eq(hash)) && token.is_valid(now) {
                found = Some(token.clone());
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_until_it_ends_or_is_revoked_and_is_not_in_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::now();
        let end = now + jiff::SignedDuration::from_hours(1);

        let token = add(dir.path(), "Ann", Audience::Analyst, Some(end)).unwrap();
        let other = add(dir.path(), "Bob", Audience::Partner, None).unwrap();
        let tokens = Tokens::of(dir.path()).unwrap();

        let found = tokens.find(&hash_of(&token), now).unwrap();
        assert_eq!((found.name.as_str(), found.audience), ("Ann", Audience::Analyst));
        assert_eq!(tokens.find(&hash_of(&token), end), None, "it has ended");
        assert_eq!(tokens.find(&hash_of("wardheat_guess"), now), None);
        let file = fs::read_to_string(dir.path().join(TOKENS)).unwrap();
        assert!(!file.contains(&token[PREFIX.len()..]) && !file.contains(&other[PREFIX.len()..]));
        revoke(dir.path(), "Bob").unwrap();
        *tokens.held.lock().unwrap() = Default::default();
        assert_eq!(tokens.find(&hash_of(&other), now), None);
    }

    #[test]
    fn names_are_plain_and_given_once() {
        let dir = tempfile::tempdir().unwrap();
        add(dir.path(), "Ann", Audience::Analyst, None).unwrap();

        for name in ["Ann", "", " ", "a\nb", &"x".repeat(65)] {
            assert!(add(dir.path(), name, Audience::Analyst, None).is_err(), "{name}");
        }
        assert!(revoke(dir.path(), "Cid").unwrap_err().to_string().contains("there are: Ann"));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owner_s_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();

        add(dir.path(), "Ann", Audience::Analyst, None).unwrap();

        let mode = fs::metadata(dir.path().join(TOKENS)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
