//! What the environment says, in processes of their own: `Client::from_env`, and proxies.

use std::{
    env,
    io::{Read, Write},
    net::TcpListener,
    process::{Command, ExitCode},
};

use asteroid_agents::{API_KEY_VARIABLE, BASE_URL_VARIABLE, Client};

const CHILD: &str = "ASTEROID_TEST_CHILD";

fn main() -> ExitCode {
    if env::var_os(CHILD).is_some() {
        match Client::from_env() {
            Ok(client) if env::var_os("HTTP_PROXY").is_some() => call(&client),
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
    a_proxy_is_asked();
    println!("test result: ok. 8 passed; 0 failed");
    ExitCode::SUCCESS
}

/// As a caller without async would.
fn call(client: &Client) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    #[allow(deprecated, reason = "later versions deprecate it and still have it")]
    let call = client.agent_list().send_raw();
    let answer = runtime.expect("a runtime").block_on(call);
    println!("{}", answer.expect("an answer").status());
}

/// The proxy is the one that the environment names, for the host that isn't there.
fn a_proxy_is_asked() {
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", proxy.local_addr().expect("an address"));
    let asked = std::thread::spawn(move || {
        let (mut connection, _) = proxy.accept().expect("a connection");
        let mut request = [0; 4096];
        let length = connection.read(&mut request).expect("a request");
        connection.write_all(b"HTTP/1.1 418 Teapot\r\ncontent-length: 0\r\n\r\n").expect("sent");
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    // Loopback needs no `allow_http`, and this address of it has no server.
    let base = "http://127.9.9.9:1/v1";
    let variables = [(API_KEY_VARIABLE, "key"), (BASE_URL_VARIABLE, base), ("HTTP_PROXY", &*url)];
    expect(&variables, &["418"]);
    let request = asked.join().expect("the proxy was asked");
    assert!(request.starts_with("GET http://127.9.9.9:1/v1/"), "{request}");
}

/// Runs this program with these variables only; it must print each of `parts`, and no secret.
fn expect(variables: &[(&str, &str)], parts: &[&str]) {
    let program = env::current_exe().expect("this program has a path");
    let mut child = Command::new(program);
    child.env_remove(API_KEY_VARIABLE).env_remove(BASE_URL_VARIABLE);
    for proxy in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
        child.env_remove(proxy);
    }
    let output = child.env(CHILD, "1").envs(variables.iter().copied()).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    for part in parts {
        assert!(text.contains(part), "{variables:?} should print {part:?}, not {text:?}");
    }
    assert!(!text.contains("secret"), "{text:?}");
}
