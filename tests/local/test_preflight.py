from local import preflight


def test_this_machine_lacks_nothing(capsys):
    assert preflight.main() == 0
    assert capsys.readouterr().err == ""


def test_a_library_that_is_not_there_is_named_with_its_package(monkeypatch, capsys):
    monkeypatch.setitem(preflight.LIBRARIES, "libnowhere-1.0.so.0", ("nowhere-1.0", "libnowhere-1.0-0"))
    assert preflight.main() == 1
    assert "apt-get install libnowhere-1.0-0\n" in capsys.readouterr().err
