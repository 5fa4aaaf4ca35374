"""`python -m benchmarks`, which is `make bench`: the whole path. Its --help names the others."""

from benchmarks.whole_path import main

if __name__ == "__main__":
    main()
