//! The authority that signs the emulator's certificates, kept in a folder or for one run.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use jiff::{ToSpan, Zoned, civil::Date};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use tempfile::Builder as TemporaryFile;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::TlsError;

/// The file of the certificate, which clients must trust.
const CERTIFICATE_FILE: &str = "ca.pem";

/// The file of the key, which nobody but the emulator reads.
const KEY_FILE: &str = "ca-key.pem";

/// How long the certificate of a run is valid; no client asks for less.
const LEAF_DAYS: i64 = 365;

/// Holds the key that certificates are signed with.
pub(super) struct CertificateAuthority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    pem: String,
    file: Option<PathBuf>,
}

/// A certificate and its key, for one run.
pub(super) struct Leaf {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl CertificateAuthority {
    /// Creates an authority that is gone when the emulator ends.
    pub(super) fn for_this_run() -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let certificate = parameters().self_signed(&key)?;
        Ok(Self {
            certificate: certificate.der().clone(),
            pem: certificate.pem(),
            issuer: Issuer::new(parameters(), key),
            file: None,
        })
    }

    /// Takes the authority of a folder, and makes folder and authority if there are none.
    ///
    /// The key comes first and the certificate follows from it, so that a start which is cut short,
    /// or two at once, leave nothing that does not fit together.
    pub(super) fn of_folder(folder: &Path) -> Result<Self, TlsError> {
        make_folder(folder).map_err(at(folder))?;
        let key = key_of(&folder.join(KEY_FILE))?;
        let file = folder.join(CERTIFICATE_FILE);
        let pem = match fs::read_to_string(&file) {
            Ok(pem) => pem,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let pem = parameters().self_signed(&key)?.pem();
                write_new(&file, &pem, 0o644)?.unwrap_or(pem)
            }
            Err(error) => return Err(at(&file)(error)),
        };
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| TlsError::NoPem { path: file.clone(), expected: "certificate" })?;
        Ok(Self { issuer: Issuer::new(parameters(), key), certificate, pem, file: Some(file) })
    }

    pub(super) fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    pub(super) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    pub(super) fn into_pem(self) -> String {
        self.pem
    }

    /// Signs a certificate for a server, with a key of its own.
    pub(super) fn issue(&self, names: Vec<SanType>) -> Result<Leaf, TlsError> {
        let key = KeyPair::generate()?;
        let today = Zoned::now().date();
        let mut leaf = CertificateParams::default();
        leaf.distinguished_name = named("imagesearch emulator");
        leaf.subject_alt_names = names;
        // Clocks differ, and so do the days of time zones.
        let (year, month, day) = parts(today.saturating_sub(2.days()));
        leaf.not_before = date_time_ymd(year, month, day);
        let (year, month, day) = parts(today.saturating_add(LEAF_DAYS.days()));
        leaf.not_after = date_time_ymd(year, month, day);
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.use_authority_key_identifier_extension = true;
        Ok(Leaf {
            certificate: leaf.signed_by(&key, &self.issuer)?.der().clone(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        })
    }
}

/// Describes the authority: always the same but for its key, so that the key alone restores it.
fn parameters() -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name = named("imagesearch emulator local CA");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    authority.not_before = date_time_ymd(2020, 1, 1);
    authority.not_after = date_time_ymd(2049, 12, 31);
    authority
}

fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

/// Takes a date apart, as rcgen wants it; a month and a day are never negative.
fn parts(date: Date) -> (i32, u8, u8) {
    (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

fn key_of(path: &Path) -> Result<KeyPair, TlsError> {
    let pem = match fs::read_to_string(path) {
        Ok(pem) => {
            refuse_exposed(path)?;
            pem
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let pem = KeyPair::generate()?.serialize_pem();
            write_new(path, &pem, 0o600)?.unwrap_or(pem)
        }
        Err(error) => return Err(at(path)(error)),
    };
    KeyPair::from_pem(&pem)
        .map_err(|_| TlsError::NoPem { path: path.to_owned(), expected: "private key" })
}

/// Writes a file in one step; if another process was first, its text is returned.
fn write_new(path: &Path, text: &str, mode: u32) -> Result<Option<String>, TlsError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut options = TemporaryFile::new();
    set_mode(&mut options, mode);
    let write = || {
        let mut file = options.tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(None),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => {
                fs::read_to_string(path).map(Some)
            }
            Err(error) => Err(error.error),
        }
    };
    write().map_err(at(path))
}

fn at(path: &Path) -> impl Fn(io::Error) -> TlsError {
    let path = path.to_owned();
    move |source| TlsError::File { path: path.clone(), source }
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn set_mode(options: &mut TemporaryFile<'_, '_>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    options.permissions(fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
fn set_mode(_options: &mut TemporaryFile<'_, '_>, _mode: u32) {}

/// Refuses a key that others than its owner may read.
#[cfg(unix)]
fn refuse_exposed(path: &Path) -> Result<(), TlsError> {
    use std::os::unix::fs::PermissionsExt;

    let mode = fs::metadata(path).map_err(at(path))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(TlsError::KeyIsExposed { path: path.to_owned() })
}

#[cfg(not(unix))]
fn refuse_exposed(_path: &Path) -> Result<(), TlsError> {
    Ok(())
}
