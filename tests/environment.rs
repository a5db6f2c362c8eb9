//! `Client::from_env`, in processes of its own.

use std::{
    env,
    process::{Command, ExitCode},
};

use asteroid_agents::{API_KEY_VARIABLE, BASE_URL_VARIABLE, Client};

const CHILD: &str = "ASTEROID_TEST_CHILD";

fn main() -> ExitCode {
    if env::var_os(CHILD).is_some() {
        match Client::from_env() {
            Ok(client) => println!("{client:?}"),
            Err(error) => println!("error: {error}"),
        }
        return ExitCode::SUCCESS;
    }
    expect(&[], &["error: ASTEROID_API_KEY isn't set"]);
    expect(&[(API_KEY_VARIABLE, "")], &["error: ASTEROID_API_KEY isn't set"]);
    expect(
        &[(API_KEY_VARIABLE, "secret\n")],
        &["error: the API key in ASTEROID_API_KEY has characters that no header can carry"],
    );
    expect(&[(API_KEY_VARIABLE, "  ")], &["error: the API key in ASTEROID_API_KEY is empty"]);
    expect(&[(API_KEY_VARIABLE, "secret")], &["https://", "[redacted]"]);
    let url = "http://127.0.0.1:1/v9";
    expect(&[(API_KEY_VARIABLE, "secret"), (BASE_URL_VARIABLE, url)], &[url]);
    expect(
        &[(API_KEY_VARIABLE, "secret"), (BASE_URL_VARIABLE, "nowhere")],
        &["error: base URL `nowhere`"],
    );
    println!("test result: ok. 7 passed; 0 failed");
    ExitCode::SUCCESS
}

/// Runs this program with these variables only; it must print each of `parts`, and no secret.
fn expect(variables: &[(&str, &str)], parts: &[&str]) {
    let program = env::current_exe().expect("this program has a path");
    let mut child = Command::new(program);
    child.env_remove(API_KEY_VARIABLE).env_remove(BASE_URL_VARIABLE);
    let output = child.env(CHILD, "1").envs(variables.iter().copied()).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    for part in parts {
        assert!(text.contains(part), "{variables:?} should print {part:?}, not {text:?}");
    }
    assert!(!text.contains("secret"), "{text:?}");
}
