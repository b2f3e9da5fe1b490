from local import preflight


def test_this_machine_lacks_nothing(capsys):
    assert preflight.main() == 0
    assert capsys.readouterr().err == ""


def test_a_library_that_is_not_there_is_named_with_its_package(monkeypatch, capsys):
    monkeypatch.setitem(preflight.NEEDED, "libnowhere-1.0.so.0", ("nowhere-1.0", "libnowhere-1.0-0"))
    monkeypatch.setattr(preflight, "may_install", lambda: False)
    assert preflight.main() == 1
    assert "apt-get install libnowhere-1.0-0\n" in capsys.readouterr().err


def test_root_on_debian_gets_it_installed_with_one_line_saying_so(monkeypatch, capsys):
    wanted = {"libnowhere-1.0.so.0": ("nowhere-1.0", "libnowhere-1.0-0")}
    monkeypatch.setattr(preflight, "NEEDED", wanted)
    monkeypatch.setattr(preflight, "may_install", lambda: True)
    installed = []

    def install(packages):
        installed.extend(packages)
        wanted.clear()

    monkeypatch.setattr(preflight, "install", install)
    assert preflight.main() == 0
    assert installed == ["libnowhere-1.0-0"]
    assert capsys.readouterr().err == "Letters and reports are made with Pango: installing libnowhere-1.0-0.\n"


def test_an_installation_that_fails_leaves_the_line_to_type(monkeypatch, capsys):
    monkeypatch.setitem(preflight.NEEDED, "libnowhere-1.0.so.0", ("nowhere-1.0", "libnowhere-1.0-0"))
    monkeypatch.setattr(preflight, "may_install", lambda: True)

    def fail(_packages):
        raise OSError("no network")

    monkeypatch.setattr(preflight, "install", fail)
    assert preflight.main() == 1
    assert "apt-get install libnowhere-1.0-0\n" in capsys.readouterr().err


def test_the_subset_library_is_advised_and_not_demanded(monkeypatch, capsys):
    monkeypatch.setitem(preflight.ADVISED, "libnowhere-subset.so.0", ("nowhere-subset", "libnowhere-subset0"))
    assert preflight.main() == 0
    assert "apt-get install libnowhere-subset0\n" in capsys.readouterr().err
