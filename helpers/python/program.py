# Runs the program on standard input as "python3 -" does, though its lines may be indented.
def run():
    label = "program.py"
    main = new_main()
    try:
        exec(compile(prepare(sys.stdin.read(), label), label, "exec", dont_inherit=True), main.__dict__)
    except Exception as error:
        sys.stdout.flush()
        sys.stderr.write(describe(error, label)[1])
        sys.exit(1)


sys.argv = ["program.py"]
run()
