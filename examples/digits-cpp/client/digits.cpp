// A compute package without Python: softmax regression on 8x8 digits, in one file of C++.
//
//   digits build <model out>              zeros
//   digits train <model in> <model out>   one local epoch
//   digits validate <model in> <json out>
//
// The model file is 650 doubles and nothing else (FEDn's "binaryhelper", here the format "raw"): 10 x 64 weights, 10 biases.
// The data is the CSV file that FEDN_DATA_PATH names: 64 pixels of 0..16 and the label; every fifth line is kept for testing.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

constexpr int pixels = 64, labels = 10;
using Model = std::array<double, labels * pixels + labels>;
struct Picture {
    std::array<double, pixels> x;
    int label;
};

Model load(const std::string& path) {
    Model model;
    std::ifstream file(path, std::ios::binary);
    if (!file.read(reinterpret_cast<char*>(model.data()), sizeof model)) throw std::runtime_error(path + ": not 650 doubles");
    return model;
}

void save(const Model& model, const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(model.data()), sizeof model);
    if (!file.flush()) throw std::runtime_error(path + ": cannot be written");
}

std::vector<Picture> data(bool test) {
    const char* path = std::getenv("FEDN_DATA_PATH");
    std::ifstream file(path ? path : "");
    if (!file) throw std::runtime_error("FEDN_DATA_PATH names no file that can be read");
    std::vector<Picture> pictures;
    std::string line;
    for (int number = 0; std::getline(file, line); number++) {
        std::replace(line.begin(), line.end(), ',', ' ');
        std::istringstream fields(line);
        Picture picture;
        for (double& pixel : picture.x) fields >> pixel, pixel /= 16;
        if (!(fields >> picture.label)) continue;  // a heading
        if ((number % 5 == 0) == test) pictures.push_back(picture);
    }
    if (pictures.empty()) throw std::runtime_error(std::string(path) + ": no line of 64 pixels and a label");
    return pictures;
}

std::array<double, labels> probabilities(const Model& model, const Picture& picture) {
    std::array<double, labels> p;
    double sum = 0;
    for (int k = 0; k < labels; k++) {
        double score = model[labels * pixels + k];
        for (int i = 0; i < pixels; i++) score += model[k * pixels + i] * picture.x[i];
        sum += p[k] = std::exp(std::min(score, 50.0));
    }
    for (double& value : p) value /= sum;
    return p;
}

void train(const std::string& in, const std::string& out) {
    Model model = load(in);
    std::vector<Picture> pictures = data(false);
    std::shuffle(pictures.begin(), pictures.end(), std::mt19937(1));  // always the same, so that runs can be compared
    for (const Picture& picture : pictures) {
        auto p = probabilities(model, picture);
        for (int k = 0; k < labels; k++) {
            double step = 0.05 * ((k == picture.label) - p[k]);
            for (int i = 0; i < pixels; i++) model[k * pixels + i] += step * picture.x[i];
            model[labels * pixels + k] += step;
        }
    }
    save(model, out);
    std::ofstream(out + "-metadata") << "{\"num_examples\": " << pictures.size() << "}";
}

void validate(const std::string& in, const std::string& out) {
    Model model = load(in);
    double loss = 0, hits = 0;
    std::vector<Picture> pictures = data(true);
    for (const Picture& picture : pictures) {
        auto p = probabilities(model, picture);
        loss -= std::log(std::max(p[picture.label], 1e-12)) / pictures.size();
        hits += std::max_element(p.begin(), p.end()) - p.begin() == picture.label;
    }
    std::ofstream(out) << "{\"test_accuracy\": " << hits / pictures.size() << ", \"test_loss\": " << loss << "}";
}

int main(int count, char** arg) try {
    std::string verb = count > 1 ? arg[1] : "";
    if (verb == "build" && count == 3) save(Model{}, arg[2]);
    else if (verb == "train" && count == 4) train(arg[2], arg[3]);
    else if (verb == "validate" && count == 4) validate(arg[2], arg[3]);
    else throw std::runtime_error("usage: digits build <out> | train <in> <out> | validate <in> <json>");
} catch (const std::exception& problem) {
    std::cerr << "digits: " << problem.what() << "\n";
    return 1;
}
