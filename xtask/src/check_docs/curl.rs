//! The `curl` sample of a page: its method, URL and header fields.

use super::code_blocks::CodeBlock;

/// A call of `curl`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CurlCall {
    /// The method in lowercase.
    pub(super) method: String,
    pub(super) url: String,
    /// The header fields; of basic authentication, `authorization`.
    pub(super) headers: Vec<(String, String)>,
    /// Whether cookies are sent.
    pub(super) has_cookie: bool,
}

/// The options with a value that don't matter here.
const OTHER_OPTIONS: [&str; 22] = [
    "-A",
    "--user-agent",
    "-b",
    "--cookie",
    "-c",
    "--cookie-jar",
    "-e",
    "--referer",
    "-m",
    "--max-time",
    "-o",
    "--output",
    "-w",
    "--write-out",
    "--connect-timeout",
    "--retry",
    "--retry-delay",
    "--cacert",
    "--cert",
    "-x",
    "--proxy",
    "--resolve",
];

/// Parses the first call of `curl` in a code block, if there is one.
pub(super) fn parse(block: &CodeBlock) -> Option<CurlCall> {
    let shells = ["bash", "sh", "shell", "zsh", "console", "curl", "terminal", ""];
    if !shells.contains(&block.language().as_str()) {
        return None;
    }
    let words = shlex::split(&block.content.replace("\\\r\n", " ").replace("\\\n", " "))?;
    let start = words.iter().position(|word| word == "curl" || word.ends_with("/curl"))?;
    let ends =
        |word: &&String| !matches!(word.as_str(), "|" | "&&" | "||" | ";" | ">" | "2>" | "#");
    let words: Vec<&str> = words[start + 1..].iter().take_while(ends).map(String::as_str).collect();
    read(&words)
}

/// Reads the arguments of `curl`.
fn read(words: &[&str]) -> Option<CurlCall> {
    let mut call = CurlCall::default();
    let (mut method, mut default) = (None, "get");
    let mut words = words.iter().copied();
    while let Some(word) = words.next() {
        // `--option=value` and `-Xvalue`.
        let (option, attached) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value)),
            _ => match word.strip_prefix("-X").or_else(|| word.strip_prefix("-H")) {
                Some(value) if !value.is_empty() => (&word[..2], Some(value)),
                _ => (word, None),
            },
        };
        let mut value = || attached.or_else(|| words.next());
        match option {
            "-X" | "--request" => method = value(),
            "--url" => call.url = value()?.to_owned(),
            "-H" | "--header" => {
                let (name, value) = value()?.split_once(':')?;
                call.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-urlencode" | "--json"
            | "-F" | "--form" | "--form-string" => {
                value()?;
                default = "post";
            }
            "-T" | "--upload-file" => {
                value()?;
                default = "put";
            }
            "-u" | "--user" => {
                value()?;
                call.headers.push(("authorization".to_owned(), "Basic".to_owned()));
            }
            "--oauth2-bearer" => {
                value()?;
                call.headers.push(("authorization".to_owned(), "Bearer".to_owned()));
            }
            "-G" | "--get" => method = method.or(Some("get")),
            "-I" | "--head" => method = method.or(Some("head")),
            option if OTHER_OPTIONS.contains(&option) => {
                call.has_cookie |= matches!(option, "-b" | "--cookie");
                value();
            }
            option if option.starts_with('-') => {}
            url if call.url.is_empty() => call.url = url.to_owned(),
            _ => {}
        }
    }
    call.method = method.unwrap_or(default).to_lowercase();
    (!call.url.is_empty()).then_some(call)
}
