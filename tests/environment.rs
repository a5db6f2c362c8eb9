//! Tests of environment variables: those of `Client::from_env`, and those of proxies.
//!
//! No thread of a test may change the environment of its process, so each case runs this program
//! again as a child. Hence the test has its own main function (`harness = false`). It accepts
//! libtest's name filters, `--exact`, `--skip`, `--list` and `--ignored`; other options have no
//! effect.

use std::{
    env,
    io::{Read, Write},
    net::TcpListener,
    process::{Command, ExitCode},
    thread,
    time::Instant,
};

use asteroid_agents::{API_KEY_VARIABLE, BASE_URL_VARIABLE, Client};

/// The variables that name proxies.
const PROXY_VARIABLES: [&str; 6] =
    ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variable that makes this program a child.
const CHILD: &str = "ASTEROID_TEST_CHILD";

/// A name and a function that panics if the test fails.
type TestCase = (&'static str, fn());

macro_rules! cases {
    ($($case:ident),+ $(,)?) => { &[$((stringify!($case), $case as fn())),+] };
}

const CASES: &[TestCase] = cases![
    a_missing_key_is_an_error,
    an_empty_key_variable_counts_as_not_set,
    a_key_with_a_line_break_is_an_error,
    a_blank_key_is_an_error,
    the_key_is_read_from_its_variable,
    the_base_url_is_read_from_its_variable,
    an_invalid_base_url_is_an_error,
    loopback_is_reached_without_the_proxy,
    the_proxy_is_read_from_its_variable,
];

fn a_missing_key_is_an_error() {
    assert_child_prints(&[], &["error: ASTEROID_API_KEY isn't set"]);
}

fn an_empty_key_variable_counts_as_not_set() {
    assert_child_prints(&[(API_KEY_VARIABLE, "")], &["error: ASTEROID_API_KEY isn't set"]);
}

fn a_key_with_a_line_break_is_an_error() {
    assert_child_prints(
        &[(API_KEY_VARIABLE, "secret\n")],
        &["error: the API key in ASTEROID_API_KEY has characters that a header can't carry"],
    );
}

fn a_blank_key_is_an_error() {
    assert_child_prints(
        &[(API_KEY_VARIABLE, "  ")],
        &["error: the API key in ASTEROID_API_KEY is empty"],
    );
}

fn the_key_is_read_from_its_variable() {
    assert_child_prints(&[(API_KEY_VARIABLE, "secret")], &["https://", "[redacted]"]);
}

fn the_base_url_is_read_from_its_variable() {
    let url = "http://127.0.0.1:1/v9";
    assert_child_prints(&[(API_KEY_VARIABLE, "secret"), (BASE_URL_VARIABLE, url)], &[url]);
}

fn an_invalid_base_url_is_an_error() {
    assert_child_prints(
        &[(API_KEY_VARIABLE, "secret"), (BASE_URL_VARIABLE, "nowhere")],
        &["error: base URL `nowhere`"],
    );
}

/// Starts a server that responds to one request with 418, and returns its URL and the request.
fn serve_once() -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let request = thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a connection");
        let mut request = [0; 4096];
        let length = connection.read(&mut request).expect("a request");
        connection.write_all(b"HTTP/1.1 418 Teapot\r\ncontent-length: 0\r\n\r\n").expect("sent");
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (url, request)
}

/// A proxy on the way to loopback would see the key in clear text.
fn loopback_is_reached_without_the_proxy() {
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let (url, request) = serve_once();
        let base = format!("{url}/v1");
        // Nothing listens at the address of the proxy.
        let proxy = (variable, "http://127.0.0.1:1");
        assert_child_prints(
            &[(API_KEY_VARIABLE, "key"), (BASE_URL_VARIABLE, &base), proxy],
            &["418"],
        );
        let request = request.join().expect("the server received a request");
        assert!(request.starts_with("GET /v1/"), "{variable}: {request}");
    }
}

fn the_proxy_is_read_from_its_variable() {
    let (url, request) = serve_once();
    let proxy = url.replace("http://", "http://user:p%40ss@");
    assert_child_prints(
        &[
            (API_KEY_VARIABLE, "secret"),
            (BASE_URL_VARIABLE, "https://api.invalid/v1"),
            ("HTTPS_PROXY", &proxy),
        ],
        &["error: ExecutionsList: can't connect"],
    );
    let request = request.join().expect("the proxy received a request");
    assert!(request.starts_with("CONNECT api.invalid:443 "), "{request}");
    // user:p@ss
    assert!(request.to_lowercase().contains("proxy-authorization: basic "), "{request}");
    assert!(request.contains("dXNlcjpwQHNz"), "{request}");
    assert!(!request.contains("secret"), "{request}");
}

/// Runs this program as a child with these variables only. Asserts that it prints each of `parts`,
/// and no secret.
fn assert_child_prints(variables: &[(&str, &str)], parts: &[&str]) {
    let program = env::current_exe().expect("this program has a path");
    let mut child = Command::new(program);
    child.env_remove(API_KEY_VARIABLE).env_remove(BASE_URL_VARIABLE);
    for variable in PROXY_VARIABLES.into_iter().chain(["NO_PROXY", "no_proxy"]) {
        child.env_remove(variable);
    }
    let output = child.env(CHILD, "1").envs(variables.iter().copied()).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    for part in parts {
        assert!(text.contains(part), "{variables:?}: expected {part:?} in {text:?}");
    }
    assert!(!text.contains("secret"), "{text:?}");
}

/// Prints the client of the environment, or the error. Behind a proxy, it prints the status of a
/// call.
fn run_child() {
    match Client::from_env() {
        Ok(client) if PROXY_VARIABLES.iter().any(|variable| env::var_os(variable).is_some()) => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let call = client.executions_list().send_raw();
            let response = runtime.expect("a runtime").block_on(call);
            match response {
                Ok(response) => println!("{}", response.status()),
                Err(error) => println!("error: {error}"),
            }
        }
        Ok(client) => println!("{client:?}"),
        Err(error) => println!("error: {error}"),
    }
}

/// The arguments of the program.
#[derive(Default)]
struct TestArguments {
    filters: Vec<String>,
    skip: Vec<String>,
    exact: bool,
    list: bool,
    /// Only ignored tests are wanted; there are none.
    ignored: bool,
}

impl TestArguments {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut parsed = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--exact" => parsed.exact = true,
                "--list" => parsed.list = true,
                "--ignored" => parsed.ignored = true,
                "--skip" => parsed.skip.extend(arguments.next()),
                // Options of libtest whose value is the next argument.
                "--color" | "--format" | "--logfile" | "--test-threads" | "-Z" => {
                    arguments.next();
                }
                option if option.starts_with('-') => {
                    parsed.skip.extend(option.strip_prefix("--skip=").map(str::to_owned));
                }
                _ => parsed.filters.push(argument),
            }
        }
        parsed
    }

    fn selects(&self, name: &str) -> bool {
        let matches = |filter: &String| match self.exact {
            true => name == filter,
            false => name.contains(filter.as_str()),
        };
        !self.ignored
            && (self.filters.is_empty() || self.filters.iter().any(matches))
            && !self.skip.iter().any(matches)
    }
}

fn main() -> ExitCode {
    if env::var_os(CHILD).is_some() {
        run_child();
        return ExitCode::SUCCESS;
    }
    let arguments = TestArguments::parse(env::args().skip(1));
    let selected = CASES.iter().filter(|(name, _)| arguments.selects(name));
    let selected: Vec<TestCase> = selected.copied().collect();
    if arguments.list {
        for (name, _) in selected {
            println!("{name}: test");
        }
        return ExitCode::SUCCESS;
    }
    run(&selected)
}

/// Runs the cases one after the other, and reports each as libtest does.
fn run(cases: &[TestCase]) -> ExitCode {
    let started = Instant::now();
    println!("\nrunning {} tests", cases.len());
    let (mut passed, mut failed) = (0, Vec::new());
    for (name, case) in cases.iter().copied() {
        // In a thread of that name, which the message of a panic then has.
        let thread = thread::Builder::new().name(name.to_owned()).spawn(case);
        if thread.expect("a thread").join().is_ok() {
            println!("test {name} ... ok");
            passed += 1;
        } else {
            println!("test {name} ... FAILED");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        println!("\nfailures:");
        for name in &failed {
            println!("    {name}");
        }
    }
    println!(
        "\ntest result: {}. {passed} passed; {} failed; 0 ignored; 0 measured; {} filtered out; \
         finished in {:.2}s\n",
        if failed.is_empty() { "ok" } else { "FAILED" },
        failed.len(),
        CASES.len() - cases.len(),
        started.elapsed().as_secs_f64(),
    );
    // The exit status of libtest.
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(101) }
}
