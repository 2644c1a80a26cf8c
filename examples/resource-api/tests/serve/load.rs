//! A load on the service inside, and on another.

use crate::support::{Running, Workplace};

#[test]
fn a_load_on_the_service_inside_leaves_nothing_behind() {
    let workplace = Workplace::new();
    let temporary = workplace.path("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let mut command = workplace.command();
    command.env("TMPDIR", &temporary);
    command.args(["load", "--seconds", "1", "--rate", "200"]);
    let run = Running::start(&mut command).end();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let mut lines = run.stdout.lines();
    let first = lines.next().unwrap();
    let numbers: Vec<u64> = first
        .split(|it: char| !it.is_ascii_digit())
        .filter_map(|it| it.parse().ok())
        .collect();
    let [well, failed, unanswered, not_sent] = numbers[..] else {
        panic!("{first}")
    };
    // something that another request deletes meanwhile may be asked for
    assert_eq!((well + failed + not_sent, unanswered), (200, 0), "{first}");
    assert!(well > failed, "{first}");
    for row in ["http.get\t", "grpc.search\t", "Resources::create\t"] {
        assert!(
            run.stdout.contains(row),
            "`{row}` is not in\n{}",
            run.stdout
        );
    }
    let left = std::fs::read_dir(temporary).unwrap().count();
    assert_eq!(left, 0, "files were left behind");
}

#[test]
fn a_load_on_another_service() {
    let workplace = Workplace::new();
    let mut command = workplace.command();
    command.args(["serve", "--http", ":0", "--grpc", ":0"]);
    let mut serving = Running::start(&mut command);
    let (http, grpc) = (serving.says("http: "), serving.says("grpc: "));
    let load = [
        "load",
        "--seconds",
        "1",
        "--rate",
        "50",
        "--http",
        &http,
        "--grpc",
        &grpc,
    ];
    workplace
        .run(&load)
        .succeeds()
        .says("\nhttp.create\t")
        .says("\ngrpc.create\t");
    serving.signal("TERM");
    assert_eq!(serving.end().code, Some(0));
    assert!(workplace.dump().resources.len() >= 20);
    let run = workplace.run(&load);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.starts_with(&format!("error: {http}, {grpc}: ")),
        "{}",
        run.stderr
    );
}
